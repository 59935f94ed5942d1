"""Dead letters for people: a list, and one to read, without secrets."""

from __future__ import annotations

import dataclasses
from typing import Any

from marge.actors import ActorSystem
from marge.actors.deadletters import DeadLetter
from marge.errors import NotFound
from marge.redact import HIDDEN, redact_text, redact_value

MAX_TEXT = 4_000


def letters(system: ActorSystem, text: str = "", offset: int = 0, limit: int = 100) -> dict[str, Any]:
    """The kept letters in which `text` occurs, newest first."""
    dead = system.dead_letters
    wanted = text.strip().lower()
    shown = [_short(letter) for letter in reversed(dead.latest)]
    if wanted:
        shown = [each for each in shown if any(wanted in str(each[name]).lower() for name in _SOUGHT)]
    return {
        "total": dead.total, "by_reason": dict(dead.by_reason), "kept": len(dead.latest), "found": len(shown),
        "rows": shown[offset : offset + limit],
    }  # fmt: skip


def letter(system: ActorSystem, number: int) -> dict[str, Any]:
    """One letter with its fields as text.

    Raises:
        NotFound: it is not kept any more.
    """
    found = system.dead_letters.letter(number)
    if found is None:
        raise NotFound(f"The dead letter {number} is not kept any more.")
    receiver = system.actor(found.path)
    return _short(found) | {
        "fields": _fields(found.original), "receiver_state": "gone" if receiver is None else receiver._status,
    }  # fmt: skip


_SOUGHT = ("path", "type", "reason", "sender", "message")


def _short(each: DeadLetter) -> dict[str, Any]:
    shown = each.as_dict()
    shown["message"] = redact_text(shown["message"])
    return shown


def _fields(message: Any) -> dict[str, str]:
    if message is None:
        return {}
    if hasattr(message, "_asdict"):
        fields = message._asdict()
    elif dataclasses.is_dataclass(message):
        fields = {field.name: getattr(message, field.name) for field in dataclasses.fields(message)}
    elif isinstance(message, dict):
        fields = message
    else:
        return {"message": _text(None, message)}
    return {str(name): _text(name, value) for name, value in fields.items()}


def _text(name: object, value: Any) -> str:
    hidden = redact_value(name, value)
    if hidden == HIDDEN:
        return HIDDEN
    try:
        text = hidden if isinstance(hidden, str) else repr(hidden)
    except Exception as exc:  # noqa: BLE001 - a broken __repr__ must not hide the other fields
        text = f"<{type(value).__name__}, whose repr failed: {exc}>"
    return redact_text(text)[:MAX_TEXT]
