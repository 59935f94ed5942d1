"""Inserts of many rows."""

import pytest

from marge.storage.bulk import BulkInsert
from marge.storage.connect import connect
from marge.storage.models import KeyValueRow


@pytest.fixture
def db(tmp_path):
    made = connect(tmp_path / "bulk.db")
    made.execute_sql("CREATE TABLE key_value (id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT)")
    yield made
    made.close()


def rows(db):
    return dict(KeyValueRow.select(KeyValueRow.key, KeyValueRow.value).tuples().execute(db))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 63, 511, 512, 513, 1_600])
def test_every_row_arrives(db, count):
    """All rows are there once, whatever sizes of statements they are cut into."""
    BulkInsert(KeyValueRow, [KeyValueRow.key, KeyValueRow.value]).run(db, [(f"k{n}", str(n)) for n in range(count)])
    assert rows(db) == {f"k{n}": str(n) for n in range(count)}


def test_existing_rows_are_updated_or_left(db):
    """With `update` the new values win, without it the old ones."""
    fields = [KeyValueRow.key, KeyValueRow.value]
    BulkInsert(KeyValueRow, fields).run(db, [("a", "old"), ("b", "old")])
    BulkInsert(KeyValueRow, fields, key=fields[:1], update=fields[1:]).run(db, [("a", "new")])
    BulkInsert(KeyValueRow, fields, key=fields[:1]).run(db, [("b", "new"), ("c", "new")])
    assert rows(db) == {"a": "new", "b": "old", "c": "new"}
