"""The home's own conversation agent: it understands sentences by its grammars and answers in the same language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import pykka
import structlog

from marge.actors import native
from marge.automations.sentences import sentence_triggers
from marge.conversation.grammar import Language, Match, load_language
from marge.conversation.handling import handle
from marge.conversation.intents import (
    ACTION_DONE,
    ERROR,
    FAILED,
    NO_INTENT_MATCH,
    NO_VALID_TARGETS,
    QUERY_ANSWER,
    Intent,
    IntentError,
    NothingMatches,
    Outcome,
    response_dict,
)
from marge.conversation.own_intents import own_intents
from marge.conversation.targets import Found, Names, Wanted, find, texts
from marge.entities import Report
from marge.errors import NotFound
from marge.registries.exposure import CONVERSATION
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Context

log = structlog.get_logger("marge.conversation")

LANGUAGES = ("de", "en")
ENTITY_ID = "conversation.home_assistant"
AGENT_IDS = (ENTITY_ID, "homeassistant")
"""The id HA's clients know the home's own agent by, and the one they knew it by before."""
MAX_CONVERSATION_ID = 100
_NOTE_TIMEOUT_S = 5.0
_STATE_SLOTS = ("state_on", "state_cover", "state_lock")



@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent says. `response`: as in HA's API."""

    response: dict[str, Any]
    conversation_id: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "response": self.response,
            "conversation_id": self.conversation_id,
            "continue_conversation": False,
        }


class Agent:
    """One a home, in `home.shared["conversation"]`. Its methods wait: they run in a request's greenlet."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._languages: dict[str, Language] = {}

    def is_visible(self, entity_id: str) -> bool:
        """Whether the agent may see the entity."""
        state = self.home.states.get(entity_id)
        device_class = None if state is None else state.attributes.get("device_class")
        return self.home.registries.exposure.is_exposed(CONVERSATION, entity_id, device_class)

    def supported(self, language: str | None) -> str | None:
        """The code of the grammar for a language tag such as `en-GB`; None: it is not spoken here."""
        code = (language or self.home.config.language).replace("_", "-").partition("-")[0].lower()
        return code if code in LANGUAGES else None

    def prepare(self, language: str | None = None) -> None:
        """Read the grammar, so that the first sentence need not wait for it."""
        code = self.supported(language)
        if code is not None:
            self._language(code)

    def forget(self) -> None:
        """Read the grammars anew when they are needed."""
        self._languages.clear()

    def process(
        self,
        text: str,
        context: Context,
        *,
        language: str | None = None,
        conversation_id: str | None = None,
        device_id: str | None = None,
    ) -> Answer:
        """Do what a sentence asks for and answer it."""
        said_in = language or self.home.config.language
        identity = conversation_id[:MAX_CONVERSATION_ID] if conversation_id else ulid()
        self._note_use(context)
        code = self.supported(said_in)
        triggered = sentence_triggers(self.home).respond(
            text,
            {
                "text": text, "context": context, "conversation_id": conversation_id, "device_id": device_id,
                "language": said_in, "agent_id": ENTITY_ID, "extra_system_prompt": None,
            },
        )  # fmt: skip
        if triggered is not None:  # an automation waits for this sentence
            speech = triggered or self._language(code or "en").responses["done"]
            return Answer(response_dict(said_in, ACTION_DONE, speech, Outcome()), identity)
        own = self._own(text, said_in, context, device_id)
        if own is not None:
            return Answer(own, identity)
        if code is None:
            no_match = self._language("en").responses["no_match"]
            return Answer(response_dict(said_in, ERROR, no_match, code=NO_INTENT_MATCH), identity)
        grammar = self._language(code)
        return Answer(self._respond(grammar, said_in, text, context, device_id), identity)

    def recognize(self, text: str, language: str | None = None) -> tuple[Match, Found] | None:
        """What a sentence means, and which entities: the first meaning that has some, else the first at all."""
        code = self.supported(language)
        return None if code is None else self._recognize(self._language(code), text)

    def _note_use(self, context: Context) -> None:
        path = f"{self.home.entities.path}/{ENTITY_ID}"
        report = Report({"used_at": self.home.clock.now()}, context)
        try:
            self.home.system.ask(path, report, _NOTE_TIMEOUT_S)
        except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
            log.warning("the agent's state was not written", problem=repr(exc))

    def _own(self, text: str, language: str, context: Context, device_id: str | None) -> dict[str, Any] | None:
        """The response to a sentence of the home's own; None: it is none."""
        own = own_intents(self.home)
        said = None if own is None else own.match(text)
        if said is None:
            return None
        grammar = self._language(self.supported(language) or "en")
        intent = Intent(said.intent, said.slots, context, self.is_visible, grammar.bare, language, device_id)
        try:
            outcome = handle(self.home, intent)
        except IntentError as exc:
            log.warning("a sentence of the home's own failed", intent=said.intent, reason=str(exc))
            return response_dict(language, ERROR, grammar.responses["failed"], code=FAILED)
        return response_dict(language, outcome.kind, outcome.speech or grammar.responses["done"], outcome)

    def _triggered(
        self, text: str, language: str, context: Context, conversation_id: str, device_id: str | None
    ) -> str | None:
        """What automations answer that wait for this sentence; None: none does."""
        user_input = {
            "text": text,
            "context": context.as_dict(),
            "conversation_id": conversation_id,
            "device_id": device_id,
            "language": language,
            "agent_id": ENTITY_ID,
        }
        return sentence_triggers(self.home).respond(text, user_input)

    # -- understanding -----------------------------------------------------------------------------------------------

    def _language(self, code: str) -> Language:
        found = self._languages.get(code)
        if found is None:
            found = self._languages[code] = native.run(_read, code)
        return found

    def _recognize(self, grammar: Language, text: str) -> tuple[Match, Found] | None:
        first: tuple[Match, Found] | None = None
        names = Names(self.home, grammar.bare)
        for match in grammar.matches(text):
            found = self._found(grammar, match, names)
            if found.missing is None:
                return match, found
            first = first or (match, found)
        return first

    def _found(self, grammar: Language, match: Match, names: Names) -> Found:
        """Whether the thing or place that was named is there."""
        slots = match.slots
        wanted = Wanted(
            name=slots.get("name"),
            area=slots.get("area"),
            floor=slots.get("floor"),
            domains=texts(slots.get("domain")) or match.rule.domains,
        )
        if wanted.name is None and wanted.area is None and wanted.floor is None:
            return Found()
        return find(self.home, wanted, self.is_visible, grammar.bare, names)

    # -- answering ---------------------------------------------------------------------------------------------------

    def _respond(
        self, grammar: Language, language: str, text: str, context: Context, device_id: str | None
    ) -> dict[str, Any]:
        recognized = self._recognize(grammar, text)
        if recognized is None:
            return response_dict(language, ERROR, grammar.responses["no_match"], code=NO_INTENT_MATCH)
        match, found = recognized
        if found.missing is not None:
            return response_dict(language, ERROR, _excuse(grammar, match.slots, found.missing), code=NO_VALID_TARGETS)
        slots = dict(match.slots)
        if "name" in slots and len(found.states) > 1:
            said = str(slots["name"])
            several = grammar.responses["several"].format(said=said)
            return response_dict(language, ERROR, several, code=NO_VALID_TARGETS)
        if "name" in slots:
            slots["name"] = found.states[0].entity_id
        if match.rule.domains and "domain" not in slots:
            slots["domain"] = list(match.rule.domains)
        for slot in _STATE_SLOTS:
            if slot in slots:
                slots["state"] = slots.pop(slot)
        intent = Intent(
            match.rule.intent, slots, context, self.is_visible, grammar.bare, language, device_id
        )
        try:
            outcome = handle(self.home, intent)
        except NothingMatches as exc:
            missing = exc.found.missing or "name"
            return response_dict(language, ERROR, _excuse(grammar, match.slots, missing), code=NO_VALID_TARGETS)
        except IntentError:
            return response_dict(language, ERROR, grammar.responses["failed"], code=FAILED)
        speech = _speech(grammar, match, outcome)
        return response_dict(language, outcome.kind, speech, outcome)


def _read(code: str) -> Language:
    return load_language(resources.files("marge.conversation").joinpath(f"sentences_{code}.yaml").read_text("utf-8"))


def _excuse(grammar: Language, slots: Mapping[str, Any], missing: str) -> str:
    said = slots.get("name" if missing in ("name", "domain", "device_class") and "name" in slots else missing)
    if missing in ("domain", "device_class") and "name" in slots:
        missing = "name"
    if missing in ("name", "area", "floor") and said is not None:
        return grammar.responses[f"no_{missing}"].format(said=grammar.bare(str(said)))
    if missing == "state":
        return grammar.responses["no_state"]
    domains = texts(slots.get("domain"))
    return grammar.responses["no_thing"].format(thing=_thing(grammar, domains[0] if domains else "other", 1))


def _thing(grammar: Language, domain: str, count: int) -> str:
    words = grammar.words["domains"].get(domain) or grammar.words["domains"]["other"]
    return str(words[0 if count == 1 else 1])


def _speech(grammar: Language, match: Match, outcome: Outcome) -> str:
    key = outcome.response or match.rule.response or "done"
    state = outcome.states[0] if outcome.states else None
    facts: dict[str, Any] = {**match.slots, **outcome.facts}
    if outcome.states:
        count = len(outcome.states) if "name" in match.slots else 2
        facts["thing"] = _thing(grammar, outcome.states[0].domain, count)
    if state is not None:
        unit = state.attributes.get("unit_of_measurement")
        facts.update(name=state.name)
        if outcome.kind == QUERY_ANSWER and "state" not in outcome.facts:
            facts["state"] = f"{state.state} {unit}" if unit else state.state
    if key == "yes_no":
        if outcome.facts.get("holds"):
            key = "yes"
        else:
            key = "no_but" if "name" in match.slots else "no"
    return grammar.responses[key].format(**facts)
