"""Bridges that are programs of their own, in any language: `marge: bridges:`. What they say is MQTT discovery.

Not here: their entities (`marge.bridges.mqtt`), the broker's accounts (`marge.bridges.broker`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind, find_kinds
from marge.bridges.endpoint import PROGRAMS, endpoint_of

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.programs")


def specs(home: Home) -> list[ChildSpec]:
    """One child a configured program; none without MQTT, over which they speak."""
    wanted = home.config.marge.bridges
    if not wanted:
        return []
    from marge.bridges.programs.bridge import ProgramBridge

    if endpoint_of(home) is None:
        log.error("no bridge program is started: they speak MQTT, and this home has none")
        return []
    taken = {kind.name for kind in find_kinds()} | {"mqtt_status"}
    children = []
    for program in wanted:
        if program.name in taken:
            log.error("a bridge program is not started: its name is that of a bridge of Marge's", name=program.name)
            continue
        children.append(ChildSpec(program.name, ProgramBridge, (home, program), backoff=BACKOFF))
    home.shared[PROGRAMS] = frozenset(child.name for child in children)
    return children


BRIDGE = BridgeKind("programs", specs, "Programs")
