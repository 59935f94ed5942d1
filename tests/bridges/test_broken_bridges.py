"""A bridge that cannot be set up or made: the home starts without it, and says so."""

from __future__ import annotations

from typing import Any

import pytest

from marge.actors import ChildSpec, PinnedActor
from marge.app import Running
from marge.bridges.base import BridgeKind
from marge.components import broken_parts
from marge.home import Home
from tests.support.home import QuietHome, home_server


class Good(PinnedActor):
    """Takes nothing."""


class Unmade(PinnedActor):
    """Its author has forgotten an argument."""

    def __init__(self, _home: Home, _forgotten: Any) -> None:
        raise AssertionError("never made")


def refuses(_home: Home) -> list[ChildSpec]:
    raise ValueError("out of order")


def test_a_broken_bridge_does_not_end_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its kind refuses to say what it needs, or its actor cannot be made; those after it start."""
    kinds = [
        BridgeKind("refuses", refuses),
        BridgeKind("unmade", lambda home: [ChildSpec("unmade", Unmade, (home,)), ChildSpec("beside", Good)]),
        BridgeKind("zz", lambda _home: [ChildSpec("zz", Good)]),
    ]
    monkeypatch.setattr(QuietHome, "_start_bridges", Running._start_bridges)
    monkeypatch.setattr("marge.app.find_kinds", lambda _report: kinds)
    with home_server() as server:
        system, issues = server.home.system, server.home.registries.issues
        issue = issues.find("homeassistant", "broken_parts")

        assert [path for path in ("/bridges/beside", "/bridges/zz") if system.ref(path) is None] == []
        assert [part.module for part in broken_parts(server.home)] == ["marge.bridges.refuses", "marge.bridges.unmade"]
        assert issue is not None and "out of order" in str(issue.translation_placeholders)
        assert "_forgotten" in str(issue.translation_placeholders)
        assert server.running.phase == "RUNNING"
