"""Log-ins and set-ups that have begun: kept in memory, bounded, each with an id that nobody can guess.

Not here: what their steps do (`login.py`, `mfa_setup.py`).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.auth.models import User, new_id

if TYPE_CHECKING:
    from marge.actors import Clock

FLOWS_KEPT = 1_000
FLOWS_OF_ONE = 50
"""Begun from one address; a newer one ends the oldest, so that nobody can push out the others'."""
FLOW_LIFE_S = 3_600.0


@dataclass(slots=True)
class Flow:
    """Something with steps.

    Attributes:
        handler: as HA's clients see it: a log-in's `["homeassistant", None]`, or a second factor's `totp`.
        remote: the address it was begun from; `user`: who goes through it, once that is known.
        step: the step that waits for an answer. `tries`: answers to it that were wrong.
        began_at, step_at: UTC epoch seconds.
    """

    handler: Any
    remote: str
    began_at: float
    client_id: str = ""
    redirect_uri: str = ""
    user: User | None = None
    step: str = "init"
    step_at: float = 0.0
    tries: int = 0
    secret: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=new_id)


class Flows:
    """The flows by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._flows: OrderedDict[str, Flow] = OrderedDict()

    def start(self, handler: Any, remote: str, **fields: Any) -> Flow:
        now = self._clock.now()
        flow = Flow(handler, remote, now, step_at=now, **fields)
        own = [each.id for each in self._flows.values() if each.remote == remote]
        for flow_id in own[: max(0, len(own) - FLOWS_OF_ONE + 1)]:
            del self._flows[flow_id]
        self._flows[flow.id] = flow
        if len(self._flows) > FLOWS_KEPT:
            self._flows.popitem(last=False)
        return flow

    def get(self, flow_id: str) -> Flow | None:
        flow = self._flows.get(flow_id)
        if flow is not None and flow.began_at + FLOW_LIFE_S <= self._clock.now():
            self.end(flow_id)
            return None
        return flow

    def end(self, flow_id: str) -> bool:
        """Forget a flow. False: there is none of that id."""
        return self._flows.pop(flow_id, None) is not None


def form(
    flow: Flow, fields: list[dict[str, Any]], error: str | None = None, shown: dict[str, str] | None = None
) -> dict[str, Any]:
    """The reply that asks for something. `error`: what was wrong with the answer before. `shown`: for its text."""
    return {
        "type": "form",
        "flow_id": flow.id,
        "handler": flow.handler,
        "data_schema": fields,
        "errors": {} if error is None else {"base": error},
        "description_placeholders": shown,
        "last_step": None,
        "preview": None,
        "step_id": flow.step,
    }


def aborted(flow: Flow, reason: str) -> dict[str, Any]:
    """The reply that ends a flow without a result."""
    return {
        "type": "abort",
        "flow_id": flow.id,
        "handler": flow.handler,
        "reason": reason,
        "description_placeholders": None,
    }


def created(flow: Flow, **result: Any) -> dict[str, Any]:
    """The reply that ends a flow well."""
    return {
        "type": "create_entry",
        "flow_id": flow.id,
        "handler": flow.handler,
        "description": None,
        "description_placeholders": None,
        **result,
    }


def text_field(name: str) -> dict[str, Any]:
    """One line of text that must be filled in."""
    return {"type": "string", "name": name, "required": True}
