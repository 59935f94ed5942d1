"""Intents of the home's own: `intent_script:` says what they do, `conversation: intents:` which sentences mean them.

Not here: the intents that Marge brings along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol

from marge.actors import native
from marge.automations.api import run_sequence
from marge.automations.sentences import PatternError, bare, compile_pattern
from marge.automations.validation import validate_actions
from marge.config import load_home
from marge.conversation.intents import Intent, IntentError, Outcome
from marge.domains._helpers import report_problem
from marge.domains._validators import boolean, ensure_list, string
from marge.errors import MargeError
from marge.templating import TemplateError
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.conversation")

SHARED = "own_intents"
SECTION = "intent_script"
MAX_SENTENCES = 2_000

_SPEECH = vol.Any(
    vol.All(string, lambda text: {"text": text}),
    LateSchema({vol.Required("text"): string, vol.Optional("type", default="plain"): vol.In(("plain", "ssml"))}),
)


def _actions(value: Any) -> Any:
    validate_actions(value)
    return value


_SCRIPT = LateSchema(
    {
        vol.Optional("description"): string,
        vol.Optional("platforms"): vol.All(ensure_list, [string]),
        vol.Optional("action"): _actions,
        vol.Optional("async_action", default=False): boolean,
        vol.Optional("mode"): string,
        vol.Optional("speech"): _SPEECH,
        vol.Optional("card"): dict,
        vol.Optional("reprompt"): dict,
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the home's own. `template`: as it is written."""

    intent: str
    template: str
    slots: Mapping[str, str]


class OwnIntents:
    """The home's own intents. `handle` waits."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._scripts: dict[str, Mapping[str, Any]] = {}
        self._sentences: list[tuple[re.Pattern[str], str, str]] = []

    def load(self, sections: Mapping[str, Any]) -> None:
        """Take both sections; what is wrong is named and left out."""
        scripts: dict[str, Mapping[str, Any]] = {}
        section = sections.get(SECTION)
        for name, entry in (section if isinstance(section, dict) else {}).items():
            try:
                scripts[str(name)] = _SCRIPT({} if entry is None else entry)
            except (vol.Invalid, MargeError) as exc:
                report_problem(self._home, SECTION, name, exc, section)
        self._scripts = scripts
        self._sentences = self._read_sentences(sections.get("conversation"))

    def _read_sentences(self, section: Any) -> list[tuple[re.Pattern[str], str, str]]:
        intents = section.get("intents") if isinstance(section, dict) else None
        found: list[tuple[re.Pattern[str], str, str]] = []
        for name, sentences in (intents if isinstance(intents, dict) else {}).items():
            for sentence in ensure_list(sentences):
                try:
                    found.append((compile_pattern(bare_template(str(sentence))), str(name), str(sentence)))
                except PatternError as exc:
                    report_problem(self._home, "conversation", name, exc, section)
        return found[:MAX_SENTENCES]

    def match(self, text: str) -> Said | None:
        """What a sentence means by the home's own sentences."""
        said = bare(text)
        for pattern, intent, template in self._sentences:
            found = pattern.fullmatch(said)
            if found is not None:
                return Said(intent, template, {key: value for key, value in found.groupdict().items() if value})
        return None

    def knows(self, intent: str) -> bool:
        return intent in self._scripts

    def handle(self, intent: Intent) -> Outcome:
        """Run an intent's actions; its text is the answer.

        Raises:
            IntentError: an action failed, or the text.
        """
        script = self._scripts[intent.name]
        variables = dict(intent.slots)
        try:
            if "action" in script:
                if script["async_action"]:
                    gevent.spawn(self._run_unwatched, intent, script["action"], variables)
                else:
                    response = run_sequence(self._home, script["action"], intent.context, variables)
                    variables["action_response"] = response
            speech = script.get("speech")
            said = None if speech is None else self._home.templates.render_text(speech["text"], variables)
        except (MargeError, TemplateError, vol.Invalid) as exc:
            raise IntentError(str(exc)) from exc
        return Outcome(speech=said)

    def _run_unwatched(self, intent: Intent, actions: Any, variables: Mapping[str, Any]) -> None:
        try:
            run_sequence(self._home, actions, intent.context, variables)
        except (MargeError, vol.Invalid) as exc:
            log.warning("the actions of an intent failed", intent=intent.name, reason=str(exc))


def bare_template(sentence: str) -> str:
    """A template without the punctuation that sentences are compared without."""
    return re.sub(r"[.,?!;]+(?=\s|$|[\])|])", "", sentence)


def own_intents(home: Home) -> OwnIntents | None:
    """The home's own; None before they are set up."""
    found = home.shared.get(SHARED)
    return found if isinstance(found, OwnIntents) else None


def set_up(home: Home) -> None:
    """Read the sections, and again with `intent_script.reload`."""
    own = OwnIntents(home)
    own.load(home.config.sections)
    home.shared[SHARED] = own
    if SECTION not in home.config.sections:
        return

    def reload(_call: ServiceCall) -> None:
        own.load(native.run(load_home, home.config.config_dir).sections)

    home.services.register(SECTION, "reload", reload, {}, description="Reads the intents from the files again.")
