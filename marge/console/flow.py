"""Messages between the parts of the system, a second: for a picture. Worked out from what was handled, and counters.

Who sent a message is not measured; what kind it is tells. Kinds that are not listed come from the receiver's own side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

NODES = (
    "bridges", "entities", "bus", "automations", "services", "recorder", "clients", "helpers", "listeners", "core",
)  # fmt: skip

_PARTS = {
    "bridges": "bridges", "entities": "entities", "automations": "automations", "scripts": "automations",
    "traces": "automations", "recorder": "recorder", "statistics": "recorder", "storage": "recorder",
    "http": "clients", "helpers": "helpers", "integrations": "helpers",
}  # fmt: skip

_SENDERS: Mapping[tuple[str, str], str] = {
    ("entities", "Report"): "bridges",
    ("entities", "OwnerChanged"): "bridges",
    ("entities", "RunCommand"): "services",
    ("entities", "WriteState"): "clients",
    ("entities", "MergeState"): "clients",
    ("automations", "HandleTrigger"): "bus",
    ("automations", "TriggerNow"): "services",
    ("automations", "Perform"): "automations",
    ("automations", "GoOn"): "automations",
    ("recorder", "Event"): "bus",
    ("bridges", "Publish"): "entities",
    ("bridges", "Event"): "bus",
    ("helpers", "Event"): "bus",
    ("clients", "Event"): "bus",
}
_OWN = frozenset(("Drain", "Acknowledge", "FlushSubscriptions", "Tick", "TimerFired", "Settle"))


def part_of(path: str) -> str:
    """Which part an actor belongs to."""
    return _PARTS.get(path[1:].partition("/")[0], "core")


def edges(
    handled: Iterable[tuple[str, str, float]],
    changes_s: float,
    others_s: float,
    calls_s: Mapping[str, float],
    delivered_s: float,
) -> list[dict[str, Any]]:
    """The edges of the picture, the busiest first.

    Args:
        handled: `(part, message type, a second)`.
        changes_s, others_s: changes of state, and other events, published a second.
        calls_s: calls of services a second, by who calls.
        delivered_s: events that subscribers got a second. Those that came by no mailbox went to `listeners`: functions
            of open clients, templates, automations, histories.
    """
    found: dict[tuple[str, str], float] = {}

    def add(sender: str, receiver: str, per_s: float) -> None:
        if per_s > 0:
            found[sender, receiver] = found.get((sender, receiver), 0.0) + per_s

    to_mailboxes = 0.0
    for part, kind, per_s in handled:
        if kind in _OWN:
            add(part, part, per_s)
            continue
        sender = _SENDERS.get((part, kind), "core" if part != "core" else "")
        if sender == "bus":
            to_mailboxes += per_s
        if sender:
            add(sender, part, per_s)
    add("entities", "bus", changes_s)
    add("core", "bus", others_s)
    for caller, per_s in calls_s.items():
        add(caller, "services", per_s)
    add("bus", "listeners", max(0.0, delivered_s - to_mailboxes))
    return [
        {"from": sender, "to": receiver, "per_s": round(per_s, 2)}
        for (sender, receiver), per_s in sorted(found.items(), key=lambda edge: -edge[1])
    ]
