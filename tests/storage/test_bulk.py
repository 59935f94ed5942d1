"""Inserts of many rows."""

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.storage.bulk import BulkInsert
from marge.storage.connect import connect
from marge.storage.models import KeyValueRow, StateRow


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


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BLOBS = st.none() | st.binary(max_size=20)
CHANGES = st.lists(
    st.tuples(st.integers(-(2**63), 2**63 - 1), st.none() | st.integers(0, 2**53), TEXTS, BLOBS, BLOBS, TEXTS),
    max_size=40, unique_by=lambda row: row[0],
)  # fmt: skip


@given(CHANGES, st.sampled_from([1, 7, 1_000]))
def test_packed_rows_arrive_as_rows_do(changes, size):
    """Any values, NUL and bytes that are no text among them, however many go into a statement."""
    names = ["entity", "updated_us", "changed_us", "state", "attributes", "context", "parent", "user"]
    fields: list[Any] = [getattr(StateRow, name) for name in names]
    given_rows = [(1, at, more, text, None, blob, other, user) for at, more, text, blob, other, user in changes]
    insert = BulkInsert(StateRow, fields, key=fields[:2])
    with tempfile.TemporaryDirectory() as folder:
        db = connect(Path(folder) / "bulk.db")
        db.execute_sql(
            "CREATE TABLE states (entity INTEGER, updated_us INTEGER, changed_us INTEGER, state TEXT,"
            " attributes INTEGER, context BLOB, parent BLOB, user TEXT, PRIMARY KEY (entity, updated_us)) WITHOUT ROWID"
        )
        with patch("marge.storage.bulk._PACKED", size):
            packed = insert.pack(given_rows)
        insert.run(db, packed)
        insert.run(db, packed)  # again: the key is there
        found = db.execute_sql("SELECT * FROM states ORDER BY updated_us").fetchall()
        db.close()
    assert found == sorted(given_rows)


def test_packed_rows_update_what_is_there(db):
    """As rows do: the new values win."""
    fields = [KeyValueRow.key, KeyValueRow.value]
    insert = BulkInsert(KeyValueRow, fields, key=fields[:1], update=fields[1:])
    insert.run(db, [("a", "old"), ("b", "old")])
    insert.run(db, insert.pack([("a", "new"), ("c", 'with "quotes" and \\ and €')]))
    assert rows(db) == {"a": "new", "b": "old", "c": 'with "quotes" and \\ and €'}
