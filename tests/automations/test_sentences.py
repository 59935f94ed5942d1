from __future__ import annotations

import time

import pytest

from marge.automations.sentences import PatternError, bare, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "said", "slots"),
    [
        ("[it's] party time", "It's party time!", {}),
        ("[it's] party time", "party time", {}),
        ("happy (new year|birthday)", "Happy  New Year.", {}),
        ("play {album} by {artist}", "play the white album by the beatles", {
            "album": "the white album", "artist": "the beatles"}),
        ("turn on [the] light [please]", "turn on light", {}),
    ],
)
def test_sentences_that_fit(pattern, said, slots):
    """Punctuation, case and spare blanks do not count."""
    match = compile_pattern(pattern).fullmatch(bare(said))

    assert match is not None
    assert match.groupdict() == slots


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("party time", "partytime"), ("happy (new year|birthday)", "happy"), ("play {album}", "play"), ("a b", "a b c")],
)
def test_sentences_that_do_not_fit(pattern, said):
    """Words are words, and a slot holds something."""
    assert compile_pattern(pattern).fullmatch(bare(said)) is None


@pytest.mark.parametrize("pattern", ["[a", "a)", "(a]", "{a} {a}", "{}", "x" * 501])
def test_broken_patterns_are_refused(pattern):
    """With a reason."""
    with pytest.raises(PatternError):
        compile_pattern(pattern)


def test_a_hostile_sentence_is_matched_in_no_time():
    """Many slots and a long sentence do not hold up the house."""
    pattern = compile_pattern(" x ".join(f"{{s{number}}}" for number in range(8)))

    began = time.thread_time()
    pattern.fullmatch(bare("x " * 10_000 + "y"))

    assert time.thread_time() - began < 20
