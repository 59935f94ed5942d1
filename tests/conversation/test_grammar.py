"""Sentence templates: what they take, and that odd sentences cost nothing."""

from __future__ import annotations

import time
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.conversation.agent import LANGUAGES
from marge.conversation.grammar import MAX_SENTENCE, Language, load_language
from marge.conversation.handling import _HANDLERS

SMALL = """
language: en
articles: [the]
percent: percent
parts: {please: "[please]"}
lists: {color: {red: red, dark blue: navy}}
words: {domains: {}}
responses: {}
rules:
  - {intent: Light, sentences: ["<please> (set|turn) {name} to {brightness} percent"], domains: [light]}
  - {intent: Color, sentences: ["make {name} {color}"]}
  - {intent: TurnOn, sentences: ["<please> turn on [the] {name}"], slots: {x: 1}}
"""


@pytest.fixture(scope="module")
def small() -> Language:
    return load_language(SMALL)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    name = f"sentences_{request.param}.yaml"
    return load_language(resources.files("marge.conversation").joinpath(name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("sentence", "intent", "slots"),
    [
        ("turn on the lamp", "TurnOn", {"name": "lamp", "x": 1}),
        ("Please, TURN ON  Bed Light!!", "TurnOn", {"name": "Bed Light", "x": 1}),
        ("set bed light to 40%", "Light", {"name": "bed light", "brightness": 40.0}),
        ("set bed light to 12,5 percent", "Light", {"name": "bed light", "brightness": 12.5}),
        ("make it Dark Blue", "Color", {"name": "it", "color": "navy"}),
    ],
)
def test_a_sentence_is_taken_apart(small: Language, sentence: str, intent: str, slots: dict[str, object]) -> None:
    """Without regard to case and punctuation; numbers are numbers, listed words what they stand for."""
    match = next(small.matches(sentence))

    assert (match.rule.intent, dict(match.slots)) == (intent, slots)


@pytest.mark.parametrize("sentence", ["", "   ", "turn on", "set x to many percent", "make it ugly", "?", "x" * 400])
def test_what_fits_no_template_means_nothing(small: Language, sentence: str) -> None:
    """Also the empty sentence and the endless one."""
    assert list(small.matches(sentence)) == []


def test_names_are_compared_without_article_and_case(small: Language) -> None:
    """As people say them."""
    assert small.bare("The  Bed LIGHT.") == small.bare("bed light") == "bed light"


def test_every_rule_of_a_language_can_be_carried_out_and_answered(language: Language) -> None:
    """Each intent has a handler, each answer a text."""
    for _pattern, rule, _template in language._patterns:
        assert rule.intent in _HANDLERS
        assert rule.response == "yes_no" or rule.response in language.responses


@given(text=st.text(max_size=MAX_SENTENCE))
def test_no_sentence_raises(language: Language, text: str) -> None:
    """Whatever somebody types."""
    list(language.matches(text))


def test_the_worst_sentence_is_quick(language: Language) -> None:
    """Slots that take any words could be tried in very many ways."""
    began = time.thread_time()
    for word in ("to ", "in the ", "on ", "add to ", "set turn on in to of ", "auf ", "schalte im "):
        list(language.matches((word * MAX_SENTENCE)[: MAX_SENTENCE - 1]))

    assert time.thread_time() - began < 20
