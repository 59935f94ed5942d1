"""Sentence templates: `(turn|switch) on [the] {name}` and what a sentence says by one of them. Pure.

`(a|b)` is one of several, `[a]` may be left out, `{slot}` takes words; a slot that is a number or one of a list takes
only that. Sentences are compared without regard to case and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_SENTENCE = 300
"""Longer ones are not understood: matching takes time with the square of the length."""
_TOKEN = re.compile(r"\{(\w+)\}|([()\[\]|])|([^\s()\[\]|{}]+)")
_NUMBERS = frozenset(("brightness", "position", "temperature", "volume", "percentage", "humidity"))
_TRAILING = re.compile(r"[.,!?;:]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One block of the sentence file.

    Attributes:
        intent: what the sentences mean.
        slots: what they mean beside the words that they hold.
        domains: the thing named has to be of one of these; empty: of any.
        response: key of the answer.
    """

    intent: str
    templates: Sequence[str]
    slots: Mapping[str, Any] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    response: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence by one template. `slots`: as said, numbers as floats, listed words as what they stand for."""

    rule: Rule
    template: str
    slots: Mapping[str, Any]


class Language:
    """The sentences and answers of one language.

    Attributes:
        articles: words that may stand before a name.
        responses, words: texts for answers.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.code: str = document["language"]
        self.articles: tuple[str, ...] = tuple(document.get("articles", ()))
        self.responses: Mapping[str, str] = document["responses"]
        self.words: Mapping[str, Any] = document["words"]
        self._lists: Mapping[str, Mapping[str, Any]] = document.get("lists", {})
        self._parts: Mapping[str, str] = document.get("parts", {})
        self._percent = str(document["percent"])
        self._patterns = [
            (re.compile(self._pattern(template), re.IGNORECASE), rule, template)
            for rule in (_rule(each) for each in document["rules"])
            for template in rule.templates
        ]

    def matches(self, sentence: str) -> Iterator[Match]:
        """What a sentence may mean, in the order of the file."""
        text = self.tidy(sentence)
        if not text or len(text) > MAX_SENTENCE:
            return
        for pattern, rule, template in self._patterns:
            found = pattern.fullmatch(text + " ")
            if found is not None:
                slots = {name: self._value(name, value.strip()) for name, value in found.groupdict().items() if value}
                yield Match(rule, template, {**rule.slots, **slots})

    def tidy(self, sentence: str) -> str:
        """Single blanks, no punctuation, percent as a word."""
        text = sentence.replace("’", "'").replace("%", f" {self._percent} ").replace("°", " ")
        return " ".join(_TRAILING.sub("", text).split())

    def bare(self, name: str) -> str:
        """A name without an article, for comparing."""
        text = " ".join(_TRAILING.sub("", name.casefold()).split())
        for article in self.articles:
            if text.startswith(f"{article} "):
                return text[len(article) + 1 :]
        return text

    def _value(self, name: str, text: str) -> Any:
        if name in _NUMBERS:
            return float(text.replace(",", "."))
        listed = self._lists.get(name)
        return text if listed is None else listed[text.casefold()]

    def _pattern(self, template: str) -> str:
        for name, part in self._parts.items():
            template = template.replace(f"<{name}>", part)
        parts = []
        for slot, mark, word in _TOKEN.findall(template):
            if slot:
                parts.append(self._slot(slot))
            elif word:
                parts.append(re.escape(word) + " ")
            else:
                parts.append({"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}[mark])
        return "".join(parts)

    def _slot(self, name: str) -> str:
        if name in _NUMBERS:
            return rf"(?P<{name}>-?\d{{1,6}}(?:[.,]\d{{1,3}})?) "
        if name in self._lists:
            words = "|".join(re.escape(each) for each in sorted(self._lists[name], key=len, reverse=True))
            return f"(?P<{name}>{words}) "
        return f"(?P<{name}>.+?) "


def _rule(document: Mapping[str, Any]) -> Rule:
    return Rule(
        intent=document["intent"],
        templates=tuple(document["sentences"]),
        slots=document.get("slots", {}),
        domains=tuple(document.get("domains", ())),
        response=document.get("response", ""),
    )


def load_language(text: str) -> Language:
    """A language from its file."""
    return Language(yaml.safe_load(text))
