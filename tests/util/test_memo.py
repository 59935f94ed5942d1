"""What is remembered of short texts, and that long ones leave nothing behind."""

import tracemalloc

from marge.model import valid_entity_id
from marge.redact import redact_value
from marge.util.memo import remembered


def test_short_texts_are_remembered_and_long_ones_found_anew():
    """Up to the length that was said; the answers are the function's."""
    asked = []

    @remembered(most=10, longest=3)
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert [shout(text) for text in ("abc", "abc", "abcd", "abcd")] == ["ABC", "ABC", "ABCD", "ABCD"]
    assert asked == ["abc", "abcd", "abcd"]


def test_what_strangers_send_is_not_kept():
    """Texts of megabytes, where an entity id or the name of a value was wanted: a hundred of each are gone again."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(100):
            assert not valid_entity_id(f"light.{number}" + "x" * 100_000)
            assert redact_value(f"{number}" + "x" * 100_000, "shown") == "shown"
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < 1_000_000
