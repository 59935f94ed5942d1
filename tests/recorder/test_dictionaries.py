"""The recorder's memory of what has which number stays bounded."""

from __future__ import annotations

from functools import partial

import pytest

from marge.recorder import dictionaries
from marge.recorder.dictionaries import EntityNumbers
from marge.storage import Database


def test_ids_that_came_and_went_are_forgotten_and_found_again(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A number is for ever, whether it is remembered or looked up."""
    monkeypatch.setattr(dictionaries, "ENTITIES_KEPT", 100)
    database, numbers = Database(tmp_path / "marge.db"), EntityNumbers()
    first = dict(database.run(lambda db: dict(numbers.of(db, ["sensor.first"]))))
    for start in range(0, 1000, 50):
        ids = [f"sensor.visitor_{number}" for number in range(start, start + 50)]
        found = database.run(partial(numbers.of, entity_ids=ids))
        assert set(ids) <= set(found) and len(found) <= 200

    assert database.run(lambda db: numbers.of(db, ["sensor.first"])["sensor.first"]) == first["sensor.first"]
    database.close()
