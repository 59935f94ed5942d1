"""Sentences that trigger automations: their patterns, and who waits for which.

A pattern is words with `[optional]` parts, `(one|other)` and `{slots}`. Not here: the conversation that asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gevent.event import AsyncResult

if TYPE_CHECKING:
    from marge.automations.runner import ScriptRun
    from marge.home import Home

SHARED = "sentence_triggers"
MAX_TEXT = 300
"""Characters of a sentence that are looked at: matching slots costs more than linear time."""
MAX_PATTERN = 500
MAX_SLOTS = 8
TURN_TIMEOUT_S = 5.0
RUN_TIMEOUT_S = 60.0
PUNCTUATION = re.compile(r"[.。,、，?¿？؟!！;；:：]+")
_GAP = r"(?:\s+|^|(?<=\s)|$)"
_TOKEN = re.compile(r"(\s+)|([\[\]()|])|\{([a-zA-Z_][a-zA-Z0-9_]*)(?::[^{}]*)?\}|([^\s\[\](){}|]+)|(.)")


class PatternError(ValueError):
    """A sentence is no pattern: brackets that do not match, or too much of something."""


def compile_pattern(sentence: str) -> re.Pattern[str]:
    """The expression that a sentence has to match as a whole, after `bare`.

    Raises:
        PatternError: it is malformed.
    """
    if len(sentence) > MAX_PATTERN:
        raise PatternError(f"a sentence has at most {MAX_PATTERN} characters")
    made: list[str] = []
    open_brackets: list[str] = []
    slots: set[str] = set()
    for space, bracket, slot, word, odd in _TOKEN.findall(sentence.strip()):
        if space:
            made.append(_GAP)
        elif bracket in ("[", "("):
            open_brackets.append(bracket)
            made.append("(?:")
        elif bracket in ("]", ")"):
            if not open_brackets or open_brackets.pop() != {"]": "[", ")": "("}[bracket]:
                raise PatternError("brackets do not match")
            made.append(")?" if bracket == "]" else ")")
        elif bracket == "|":
            made.append("|")
        elif slot:
            if slot in slots or len(slots) >= MAX_SLOTS:
                raise PatternError(f"the slot {slot} stands twice" if slot in slots else f"more than {MAX_SLOTS} slots")
            slots.add(slot)
            made.append(rf"(?P<{slot}>\S(?:.*?\S)??)")
        elif odd:
            raise PatternError(f"unexpected {odd!r}")
        else:
            made.append(re.escape(word))
    if open_brackets:
        raise PatternError("brackets do not match")
    return re.compile("(?:" + "".join(made) + ")", re.IGNORECASE)


def bare(text: str) -> str:
    """A sentence without punctuation and spare blanks."""
    return " ".join(PUNCTUATION.sub(" ", text[:MAX_TEXT]).split())


@dataclass(frozen=True)
class SentenceMatch:
    """What was said, and what stood in the slots."""

    sentence: str
    slots: Mapping[str, str]
    user_input: Mapping[str, Any]

    @property
    def details(self) -> dict[str, dict[str, str]]:
        return {name: {"name": name, "text": said, "value": said} for name, said in self.slots.items()}


Happened = Callable[[SentenceMatch, "AsyncResult"], None]


class SentenceTriggers:
    """The sentences that automations wait for, in `home.shared["sentence_triggers"]`. Used on the hub only."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[list[re.Pattern[str]], Happened]] = {}
        self._sentences: dict[int, tuple[str, ...]] = {}
        self._number = 0

    def add(
        self, patterns: list[re.Pattern[str]], happened: Happened, sentences: Iterable[str] = ()
    ) -> Callable[[], None]:
        """Call `happened(match, run)` when a sentence fits one of the patterns; it sets `run` to the run that came of
        it, or to None. It must not wait. Returns the function that ends it. `sentences`: the patterns as written."""
        self._number += 1
        number = self._number
        self._waiting[number] = (patterns, happened)
        self._sentences[number] = tuple(sentences)

        def end() -> None:
            self._waiting.pop(number, None)
            self._sentences.pop(number, None)

        return end

    def sentences(self) -> list[str]:
        """All that are waited for, as written."""
        return [each for sentences in self._sentences.values() for each in sentences]

    def respond(self, text: str, user_input: Mapping[str, Any]) -> str | None:
        """Let the automations react that wait for this sentence, and wait for them. None: nobody does; else what they
        answer, which may be nothing (""). Not from the shared dispatcher.

        Args:
            user_input: as HA's triggers show it: text, context, conversation_id, device_id, language, agent_id.
        """
        said = bare(text)
        pending: list[AsyncResult] = []
        for patterns, happened in list(self._waiting.values()):
            match = next((found for each in patterns if (found := each.fullmatch(said))), None)
            if match is not None:
                slots = {name: value for name, value in match.groupdict().items() if value is not None}
                result: AsyncResult = AsyncResult()
                happened(SentenceMatch(text, slots, user_input), result)
                pending.append(result)
        if not pending:
            return None
        answers = [_answer_of(result) for result in pending]
        return next((each for each in answers if each), "")


def _answer_of(result: AsyncResult) -> str | None:
    if not result.wait(TURN_TIMEOUT_S) and not result.ready():
        return None
    run: ScriptRun | None = result.value
    if run is None:
        return None
    run.settled.wait(RUN_TIMEOUT_S)
    return run.conversation_response


def sentence_triggers(home: Home) -> SentenceTriggers:
    """The home's; made on first use."""
    found = home.shared.get(SHARED)
    if found is None:
        found = home.shared[SHARED] = SentenceTriggers()
    triggers: SentenceTriggers = found
    return triggers
