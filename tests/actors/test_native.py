"""Native threads and the hub: long loops give way."""

from __future__ import annotations

import pytest

from marge.actors import native


def test_politely_gives_all_in_order_and_pauses_between_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two whole slices and a rest are two pauses; few items have none."""
    pauses: list[float] = []
    monkeypatch.setattr(native, "_sleep", pauses.append)
    count = 2 * native.POLITE_EVERY + 3
    assert list(native.politely(range(count))) == list(range(count))
    assert pauses == [native.POLITE_PAUSE_S] * 2
    assert list(native.politely("few")) == ["f", "e", "w"]
    assert len(pauses) == 2
