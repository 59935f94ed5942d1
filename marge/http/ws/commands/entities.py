"""`subscribe_entities`: states in short form, then only what differs."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import voluptuous as vol

from marge.http.turns import in_slices
from marge.http.ws.frames import fanouts, shared_frames
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import STATE_CHANGED, Context, Event, State, dumps_anyhow, valid_entity_id


def entity_ids(value: Any) -> list[str]:
    """Voluptuous: one id, a list, or ids with commas between them; in lower case."""
    found = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(found, list):
        raise vol.Invalid("expected a list")
    lowered = [each.strip().lower() if isinstance(each, str) else each for each in found]
    for each, entity_id in in_slices(zip(found, lowered, strict=True)):
        if not isinstance(entity_id, str) or not valid_entity_id(entity_id):
            raise vol.Invalid(f"Entity ID {each} is an invalid entity ID")
    return lowered


_FILTER = vol.Schema(
    {
        vol.Optional("domains", default=list): [str],
        vol.Optional("entities", default=list): [str],
        vol.Optional("entity_globs", default=list): [str],
    }
)


@command(
    "subscribe_entities",
    {vol.Optional("entity_ids"): entity_ids, vol.Optional("include"): _FILTER, vol.Optional("exclude"): _FILTER},
    waits=True,
)
def subscribe_entities(session: Session, message: dict[str, Any]) -> None:
    """All wanted states in short form, then what differs."""
    home, message_id = session.home, message["id"]
    wanted_ids = message.get("entity_ids") if session.user.may_read else []
    wants = _make_filter(message.get("include"), message.get("exclude"))
    keys: list[str | None] = [None] if wanted_ids is None else list(dict.fromkeys(wanted_ids))

    def begin() -> None:
        named = (home.states.get(each) for each in keys if each)
        states = home.states.all() if wanted_ids is None else [state for state in named if state]
        parts = [
            dumps_anyhow(state.entity_id) + b":" + dumps_anyhow(compress(state))
            for state in in_slices(states)
            if wants is None or wants(state.entity_id)
        ]
        session.send(b'{"id":%d,"type":"event","event":{"a":{%s}}}' % (message_id, b",".join(parts)))

    follow(session, message_id, keys, begin, wants)


def follow(
    session: Session,
    message_id: int,
    keys: Sequence[str | None],
    begin: Callable[[], None],
    wants: Callable[[str], bool] | None = None,
) -> None:
    """Answer a subscription to states: what `begin` sends comes first, then all that has changed since, in order.

    Args:
        keys: entity ids, or None for all.
        begin: sends the states as they are; may let others in.
    """
    home, frames = session.home, shared_frames(session.home, "entity_frames", compress_change)
    held: list[Event] | None = []

    def forward(event: Event) -> None:
        if wants is not None and not wants(event.data["entity_id"]):
            return
        if held is not None:
            held.append(event)
            return
        made = frames.get(event, message_id)
        if made is not None:
            session.send_frame(*made)

    subscriptions = [home.bus.subscribe(forward, STATE_CHANGED, key) for key in keys]

    def cancel() -> None:
        for subscription in subscriptions:
            subscription.cancel()

    session.subscribe(message_id, cancel)
    session.result(message_id)
    begin()
    # What changed while the long list was made comes behind it, in order.
    changed_meanwhile, held = held or [], None
    for event in changed_meanwhile:
        made = frames.get(event, message_id)
        if made is not None:
            session.send_frame(*made)
    if wants is None and session.unsubscribe(message_id):  # no rule of its own: it hears with the others from here on
        together = fanouts(home)
        leaves = [together.join(session, frames, message_id, STATE_CHANGED, key) for key in keys]
        session.subscribe(message_id, lambda: _call_all(leaves))


def _call_all(functions: Iterable[Callable[[], None]]) -> None:
    for function in functions:
        function()


def compress(state: State) -> dict[str, Any]:
    """The short form of a whole state: `s`, `a`, `c`, `lc`, and `lu` when it differs from `lc`."""
    short: dict[str, Any] = {
        "s": state.state, "a": state.attributes, "c": _context(state.context), "lc": state.last_changed
    }
    if state.last_updated != state.last_changed:
        short["lu"] = state.last_updated
    return short


def compress_change(event: Event) -> bytes | None:
    """The JSON of a change: `a` for a new entity, `r` for a removed one, `c` with what differs otherwise."""
    entity_id, old, new = event.data.get("entity_id"), event.data.get("old_state"), event.data.get("new_state")
    if isinstance(new, State) and not isinstance(old, State):
        return dumps_anyhow({"a": {entity_id: compress(new)}})
    if not isinstance(new, State) or not isinstance(old, State):
        return dumps_anyhow({"r": [entity_id]}) if isinstance(old, State) else None
    return dumps_anyhow({"c": {entity_id: _difference(old, new)}})


def _difference(old: State, new: State) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if old.state != new.state:
        added["s"] = new.state
    if old.last_changed != new.last_changed:
        added["lc"] = new.last_changed
    elif old.last_updated != new.last_updated:
        added["lu"] = new.last_updated
    before, after = old.context, new.context
    changed_context = {
        key: getattr(after, key)
        for key in ("parent_id", "user_id", "id")
        if getattr(before, key) != getattr(after, key)
    }
    if changed_context:
        added["c"] = changed_context["id"] if list(changed_context) == ["id"] else changed_context
    attributes = {
        key: value
        for key, value in new.attributes.items()
        if key not in old.attributes or _differs(old.attributes[key], value)
    }
    if attributes:
        added["a"] = attributes
    difference: dict[str, Any] = {"+": added} if added else {}
    removed = [key for key in old.attributes if key not in new.attributes]
    if removed:
        difference["-"] = {"a": removed}
    return difference


def _differs(old: Any, new: Any) -> bool:
    """Also `0` and `false` do, which Python takes for equal and JSON does not."""
    return old is not new and (old != new or old.__class__ is not new.__class__)


def _context(context: Context) -> Any:
    if context.parent_id is None and context.user_id is None:
        return context.id
    return context.as_dict()


def _make_filter(include: dict[str, Any] | None, exclude: dict[str, Any] | None) -> Callable[[str], bool] | None:
    """HA's include and exclude: named entities decide before globs, globs before domains, and including before
    excluding. What nothing names is wanted unless a domain or glob is included, or only entities are."""
    if include is None and exclude is None:
        return None
    wanted, unwanted = _Matcher(include or {}), _Matcher(exclude or {})

    def wants(entity_id: str) -> bool:
        for level in ("entities", "globs", "domains"):
            if getattr(wanted, level)(entity_id):
                return True
            if getattr(unwanted, level)(entity_id):
                return False
        return wanted.is_empty

    return wants


class _Matcher:
    def __init__(self, spec: dict[str, Any]) -> None:
        self._entities = frozenset(spec.get("entities", ()))
        self._domains = frozenset(spec.get("domains", ()))
        globs = spec.get("entity_globs", ())
        self._globs = re.compile("|".join(fnmatch.translate(glob) for glob in globs)) if globs else None
        self.is_empty = not (self._entities or self._domains or self._globs)

    def entities(self, entity_id: str) -> bool:
        return entity_id in self._entities

    def globs(self, entity_id: str) -> bool:
        return self._globs is not None and self._globs.match(entity_id) is not None

    def domains(self, entity_id: str) -> bool:
        return entity_id.partition(".")[0] in self._domains
