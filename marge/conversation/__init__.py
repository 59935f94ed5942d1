"""Conversation: sentences become intents, intents become service calls and answers.

`grammar.py` and the sentence files understand, `doing.py` and `asking.py` carry out, `agent.py` puts it together;
`pipelines.py` are HA's Assist pipelines, `speech.py` the voices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.conversation import own_intents
from marge.conversation.agent import AGENT_IDS, ENTITY_ID, LANGUAGES, Agent, Answer
from marge.conversation.pipelines import NAME as PIPELINES
from marge.conversation.pipelines import Pipelines
from marge.conversation.speech import SHARED as SPEECH
from marge.conversation.speech import Speech
from marge.domains._catalog import fields_of, words
from marge.domains._validators import string
from marge.domains.conversation import ConversationEntity

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.conversation")

AGENT = "conversation"
"""The key of the `Agent` in `home.shared`."""


def agent_id(value: Any) -> str:
    """voluptuous validator: an agent that there is."""
    if value not in AGENT_IDS:
        raise vol.Invalid("invalid agent ID")
    return str(value)


_WHICH = {vol.Optional("language"): string, vol.Optional("agent_id"): agent_id}


def set_up(home: Home) -> None:
    """Offer all of this. Waits for the database."""
    agent, speech = Agent(home), Speech(home)
    home.shared.update({AGENT: agent, SPEECH: speech})
    entity = ConversationEntity()
    entity.name = "Home Assistant"
    home.entities.add(entity, ENTITY_ID, AGENT)
    _register_services(home, agent, speech)
    pipelines = Pipelines(home, agent, speech)
    pipelines.load()
    home.shared[PIPELINES] = pipelines
    own_intents.set_up(home)


def _register_services(home: Home, agent: Agent, speech: Speech) -> None:
    def process(call: ServiceCall) -> dict[str, Any]:
        return agent.process(
            call.data["text"], call.context, language=call.data.get("language"),
            conversation_id=call.data.get("conversation_id"),
        ).as_dict()  # fmt: skip

    def reload(_call: ServiceCall) -> None:
        agent.forget()

    def clear(_call: ServiceCall) -> None:
        speech.clear()

    home.services.register(
        AGENT, "process", process,
        {vol.Required("text"): string, vol.Optional("conversation_id"): string, **_WHICH}, "optional",
        "Does what a sentence asks for, and answers it.", fields_of(AGENT, "process"), words("process"),
    )  # fmt: skip
    home.services.register(
        AGENT, "reload", reload, _WHICH, "none", "Reads the sentences anew.", fields_of(AGENT, "reload"),
        words("reload"),
    )  # fmt: skip
    home.services.register("tts", "clear_cache", clear, {}, "none", "Forgets what was said.", {}, words("clear_cache"))


__all__ = [
    "AGENT", "AGENT_IDS", "ENTITY_ID", "LANGUAGES", "PIPELINES", "SPEECH", "Agent", "Answer", "Pipelines", "Speech",
    "agent_id", "set_up",
]  # fmt: skip
