"""What an operator must not stop or pause, and why, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marge.actors import ActorSystem, Supervisor

VITAL: Mapping[str, str] = MappingProxyType(
    {
        "/": "it holds everything else; to end Marge, stop the service",
        "/clock": "every timer of the home is a message from it",
        "/bus": "it has the event bus's figures",
        "/console": "it makes what you are looking at",
        "/memory": "without it the process would grow until it ends",
        "/storage": "nothing could be saved any more",
        "/recorder": "the history would have a hole; its settings have a switch for recording",
        "/statistics": "the statistics would have a hole",
        "/entities": "all devices would be gone at once; stop a single one below it",
        "/auth": "nobody could log in any more",
        "/http": "you could not come back to start it again",
        "/automations": "all automations would be gone at once; stop a single one below it",
        "/scripts": "all scripts would be gone at once; stop a single one below it",
        "/traces": "the traces of runs would be lost",
        "/helpers": "the helpers would be gone at once; stop a single one below it",
        "/integrations": "all integrations would be gone at once; stop a single one below it",
        "/bridges": "all bridges would be gone at once; stop a single one below it",
    }
)


def refusal(system: ActorSystem, path: str, action: str) -> str | None:
    """Why `action` (`stop`, `pause`, `drain`) is not done to the actor at `path`; None: nothing speaks against it."""
    reason = VITAL.get(path)
    if reason is not None:
        verb = {"stop": "stopped", "pause": "paused", "drain": "drained"}[action]
        return f"{path} cannot be {verb}: {reason}."
    if action in ("pause", "drain") and isinstance(system.actor(path), Supervisor):
        word = "paused" if action == "pause" else "drained"
        return f"{path} cannot be {word}: it has children, and would miss that one of them died."
    return None
