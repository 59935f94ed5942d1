"""Commands of the conversation agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations.sentences import sentence_triggers
from marge.conversation import ENTITY_ID, LANGUAGES, agent_id
from marge.conversation.targets import Found
from marge.http.assist import agent_of
from marge.http.rest.permissions import check_may_control
from marge.http.ws.registry import command
from marge.http.ws.session import Session

if TYPE_CHECKING:
    from marge.conversation.grammar import Match

MAX_SENTENCES = 50
_LANGUAGE = {vol.Optional("language"): str}
_FULL, _NONE = 3, 0
_TAGS = {"en": "en-US", "de": "de-DE"}


@command(
    "conversation/process",
    {
        vol.Required("text"): str,
        vol.Optional("conversation_id"): vol.Any(str, None),
        vol.Optional("language"): str,
        vol.Optional("agent_id"): agent_id,
    },
    waits=True,
)
def process(session: Session, message: dict[str, Any]) -> None:
    """Do what a sentence asks for; the answer."""
    check_may_control(session.user)
    answer = agent_of(session.home).process(
        message["text"], session.context(), language=message.get("language"),
        conversation_id=message.get("conversation_id"),
    )  # fmt: skip
    session.result(message["id"], answer.as_dict())


@command("conversation/prepare", {**_LANGUAGE, vol.Optional("agent_id"): agent_id}, waits=True)
def prepare(session: Session, message: dict[str, Any]) -> None:
    """Get ready for a sentence."""
    agent_of(session.home).prepare(message.get("language"))
    session.result(message["id"])


@command("conversation/agent/list", {**_LANGUAGE, vol.Optional("country"): str})
def list_agents(session: Session, message: dict[str, Any]) -> None:
    """The agents, with the languages that they speak; of one language, if it is asked for."""
    supported = list(LANGUAGES)
    if "language" in message:
        code = agent_of(session.home).supported(message["language"])
        supported = [] if code is None else [code]
    agent = {"id": ENTITY_ID, "name": "Home Assistant", "supported_languages": supported}
    session.result(message["id"], {"agents": [agent]})


@command("conversation/sentences/list")
def list_sentences(session: Session, message: dict[str, Any]) -> None:
    """The sentences that trigger automations."""
    session.result(message["id"], {"trigger_sentences": sentence_triggers(session.home).sentences()})


@command(
    "conversation/agent/homeassistant/debug",
    {
        vol.Required("sentences"): vol.All([str], vol.Length(max=MAX_SENTENCES)),
        **_LANGUAGE,
        vol.Optional("device_id"): vol.Any(str, None),
    },
    waits=True,
)
def debug(session: Session, message: dict[str, Any]) -> None:
    """What sentences mean, without doing it; None for those that mean nothing."""
    agent = agent_of(session.home)
    recognized = [agent.recognize(each, message.get("language")) for each in message["sentences"]]
    session.result(message["id"], {"results": [None if each is None else _meaning(*each) for each in recognized]})


def _meaning(match: Match, found: Found) -> dict[str, Any]:
    details: dict[str, Any] = {}
    for name, value in match.slots.items():
        shown = value
        if name == "name" and found.states:
            shown = found.states[0].name
        elif name in ("area", "floor") and found.places:
            shown = found.places[0].name
        details[name] = {"name": name, "value": shown, "text": str(value) if isinstance(value, (str, float)) else ""}
    is_whole = found.missing is None
    return {
        "intent": {"name": match.rule.intent},
        "slots": {name: value for name, value in match.slots.items() if is_whole or name != found.missing},
        "details": {name: each for name, each in details.items() if is_whole or name != found.missing},
        "targets": {state.entity_id: {"matched": True} for state in found.states},
        "match": is_whole,
        "sentence_template": match.template,
        "unmatched_slots": {} if is_whole else {str(found.missing): match.slots.get(str(found.missing))},
        "source": "builtin",
    }


@command("conversation/agent/homeassistant/language_scores", {**_LANGUAGE, vol.Optional("country"): str})
def language_scores(session: Session, message: dict[str, Any]) -> None:
    """How well which language works without anybody's cloud: those with sentences fully, others not at all."""
    agent = agent_of(session.home)
    code = agent.supported(message.get("language")) or "en"
    shown = {_TAGS[each]: {"cloud": _NONE, "focused_local": _NONE, "full_local": _FULL} for each in sorted(LANGUAGES)}
    session.result(message["id"], {"languages": shown, "preferred_language": _TAGS[code]})
