"""How a simulated zigbee2mqtt behaves: what is said, how long things take, what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Times in seconds, shares from 0 to 1.

    Attributes:
        discovery: whether devices are announced by Home Assistant discovery (`homeassistant: enabled`).
        full: groups, entities for firmware and for the bridge itself, `bridge/health`; the demo home does without.
        birth_delay_s: after Home Assistant's birth message everything is announced again; None: never.
        join_s: until a new device joins while joining is open. interview_s: how long its interview takes.
        newcomers: how many devices join each time that joining is opened.
        interview_failures: which share of the interviews fails.
        ota_s: how long a firmware update takes. map_s: how long a router takes to tell its neighbours.
    """

    discovery: bool = True
    full: bool = False
    birth_delay_s: float | None = None
    join_s: float = 3.0
    interview_s: float = 3.0
    newcomers: int = 1
    interview_failures: float = 0.0
    ota_s: float = 60.0
    map_s: float = 0.2
    restart_s: float = 2.0


DEMO = Behaviour()
"""Of the demo home."""
