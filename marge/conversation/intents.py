"""What an intent is and what comes of one. The doing is in `doing.py` and `asking.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.errors import MargeError
from marge.model import Context

if TYPE_CHECKING:
    from marge.conversation.targets import Found
    from marge.home import Home
    from marge.model import State

ACTION_DONE, QUERY_ANSWER, ERROR = "action_done", "query_answer", "error"
NO_INTENT_MATCH, NO_VALID_TARGETS, FAILED, UNKNOWN = (
    "no_intent_match", "no_valid_targets", "failed_to_handle", "unknown"
)  # fmt: skip


class IntentError(MargeError):
    """An intent cannot be carried out: it is unknown, lacks a slot, or something went wrong."""


class NothingMatches(IntentError):
    """The intent names nothing that there is. `found.missing` says what."""

    def __init__(self, found: Found) -> None:
        super().__init__(f"nothing of this {found.missing}")
        self.found = found


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants.

    Attributes:
        slots: by name; plain values.
        is_visible: which entities it may touch.
        bare: makes names comparable, as the language wants it.
        device_id: what it was said to.
    """

    name: str
    slots: Mapping[str, Any]
    context: Context
    is_visible: Callable[[str], bool]
    bare: Callable[[str], str]
    language: str = "en"
    device_id: str | None = None


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        states: the entities, as they were when they were found.
        success, failed: as clients see them.
        facts: for the answer's text.
        response: key of the answer, when the intent knows better than the sentence. speech: the answer itself.
    """

    kind: str = ACTION_DONE
    success: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    response: str | None = None
    speech: str | None = None


def shown_entity(state: State) -> dict[str, Any]:
    return {"name": state.name, "type": "entity", "id": state.entity_id}


def outcome_of(found: Found, kind: str = ACTION_DONE) -> Outcome:
    """An outcome about entities, and the places they were looked for in."""
    places = [{"name": each.name, "type": each.kind, "id": each.id} for each in found.places]
    return Outcome(kind, [*places, *(shown_entity(each) for each in found.states)], states=list(found.states))


def response_dict(
    language: str, kind: str, speech: str | None, outcome: Outcome | None = None, code: str | None = None
) -> dict[str, Any]:
    """The `response` object of HA's API."""
    spoken: dict[str, Any] = {} if speech is None else {"plain": {"speech": speech, "extra_data": None}}
    if kind == ERROR:
        data: dict[str, Any] = {"code": code}
    else:
        assert outcome is not None
        data = {"targets": [], "success": outcome.success, "failed": outcome.failed}
    return {"speech": spoken, "card": {}, "language": language, "response_type": kind, "data": data}


Handler = Callable[["Home", Intent], Outcome]

