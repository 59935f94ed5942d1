"""Commands that do something to one owned entity, as a service would, for forms that no service has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pykka

from marge.entities import Entity, RunCommand
from marge.errors import NotFound

if TYPE_CHECKING:
    from marge.http.ws.session import Session

_TIMEOUT_S = 10.0
_E = TypeVar("_E", bound=Entity)


def owned(session: Session, kind: type[_E], entity_id: str) -> _E | None:
    """The owned entity of this kind, or None. Only what it replaces as a whole may be read."""
    found = session.home.entities.owned.get(entity_id)
    return found if isinstance(found, kind) else None


def ask_entity(session: Session, entity_id: str, method: str, **data: Any) -> Any:
    """Run a command method of an owned entity in the name of the session's user, and wait for what it returns.

    Raises:
        NotFound: the entity has just gone.
        Exception: whatever the method raises.
    """
    command = RunCommand(method, method, 0, data, session.context())
    try:
        reply = session.home.system.ask(f"{session.home.entities.path}/{entity_id}", command, _TIMEOUT_S)
        return reply.get(timeout=_TIMEOUT_S) if isinstance(reply, pykka.Future) else reply
    except pykka.ActorDeadError as exc:
        raise NotFound("Entity not found") from exc
