"""A migration that goes on in the background is told wherever somebody may look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.history.fill_watch import ISSUE, FillWatch
from marge.storage.backfill import Progress
from marge.storage.keeper import StorageKeeper
from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server() as server:
        yield server


@pytest.fixture
def keeper(home: HomeServer) -> Iterator[StorageKeeper]:
    actor = home.home.system.actor("/storage")
    assert isinstance(actor, StorageKeeper)
    yield actor
    actor._progress.clear()
    actor._problems.clear()


def seen(home: HomeServer) -> tuple[dict[str, Any], dict[str, Any], str]:
    with home.websocket() as client:
        info = client.command("recorder/info")["result"]
    health = home.rest("GET", "/api/health").json()["core"]["migration"]
    return info, health, home.rest("GET", "/metrics").text


def test_nothing_is_told_when_nothing_goes_on(home: HomeServer, keeper: StorageKeeper) -> None:
    """As nearly always."""
    info, health, metrics = seen(home)
    assert not info["migration_in_progress"] and not info["migration_is_live"]
    assert health is None and "migration" not in metrics


def test_a_backfill_is_told_with_its_progress(home: HomeServer, keeper: StorageKeeper) -> None:
    """To recorder's command, health, metrics; and as a notice that is renewed now and then, and goes."""
    watch = home.home.system.actor("/migrations")
    assert isinstance(watch, FillWatch)
    issues = home.home.registries.issues

    def told() -> str | None:
        watch._judge(keeper.filling())
        issue = issues.find("homeassistant", ISSUE)
        return None if issue is None else (issue.translation_placeholders or {})["progress"]

    keeper._progress["history"] = Progress("0009_days", 1_790_000_000.0, 1_200_000, 0.25)
    info, health, metrics = seen(home)
    assert info["migration_in_progress"] and info["migration_is_live"] and info["recording"]
    assert (health["migration"], health["share"], health["database"]) == ("0009_days", 0.25, "history")
    assert 'marge_database_migration_share{migration="0009_days"} 0.25' in metrics
    assert told() == "25% (1,200,000 rows)"

    keeper._progress["history"] = Progress("0009_days", 1_790_000_000.0, 1_200_001, 0.26)
    assert told() == "25% (1,200,000 rows)"
    keeper._problems["history"] = "no luck"
    assert "no luck" in str(told())
    keeper._progress.clear()
    assert told() is None
