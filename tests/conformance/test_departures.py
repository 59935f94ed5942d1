"""The decision page about departures says what the replay knows."""

from tests.conformance.departures import PAGE, page


def test_the_page_lists_every_departure() -> None:
    """Made anew with `python -m tests.conformance departures`, it would be the same."""
    assert PAGE.read_text("utf-8") == page()
