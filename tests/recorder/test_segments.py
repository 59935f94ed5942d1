"""Rows are what the changes were, on every way that a segment can take."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from marge.model import Context, ReadOnlyDict, State, dumps, loads
from marge.recorder import history
from marge.recorder.changes import Batch
from marge.recorder.ids import unpack
from marge.recorder.rows import Change, Removal
from marge.recorder.segments import Segment
from marge.recorder.writer import Writer
from marge.storage import Database
from tests.recorder.support import T0, made

NAMES = st.sampled_from(["sensor.a", "sensor.b", "light.ünï", "sensor.with\x00nul"])
SHARED = [ReadOnlyDict({}), ReadOnlyDict({"unit": "°C"}), ReadOnlyDict({"deep": {"a": [1, None, "x\x00y"]}})]
TEXTS = st.text(max_size=12)
IDS = st.sampled_from(["01M7WZCR36YPACYMHZCKS2EG8K", "no ulid", "ü\x00", "Z" * 26]) | st.text(min_size=1, max_size=12)
CONTEXTS = st.builds(Context, IDS, st.none() | IDS, st.none() | TEXTS)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    name = draw(NAMES)
    at = T0 + draw(st.integers(0, 3)) * 40_000 + draw(st.sampled_from([0.0, 0.000001, 0.5]))
    if draw(st.integers(0, 9)) == 0:
        return Removal(name, at)
    attributes = draw(st.sampled_from(SHARED) | st.builds(lambda n: ReadOnlyDict({"n": n}), st.integers(0, 3)))
    changed = draw(st.sampled_from([at, at - 1]))
    return State(name, draw(TEXTS), attributes, changed, at, at, draw(CONTEXTS))


def when(change: Change) -> float:
    return change.time if isinstance(change, Removal) else change.last_updated


def told(text: str) -> str:
    """As it is read back."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def expected(change: Change) -> tuple[Any, ...]:
    if isinstance(change, Removal):
        return (change.entity_id, None, None, None, None, None)
    context = change.context
    parent, user = context.parent_id, context.user_id
    return (
        change.entity_id, told(change.state), dumps(change.attributes), context.id.encode("utf-8", "replace").decode(),
        None if parent is None else parent.encode("utf-8", "replace").decode(),
        None if user is None else told(user),
    )  # fmt: skip


def facts(segments: list[Segment]) -> list[tuple[Any, ...]]:
    found = []
    for segment in segments:
        names, sets = list(segment.entities), list(segment.sets.values())
        for entity, _at, _changed, state, held, user, context, parent in segment.cells():
            found.append((
                names[entity], state, None if held is None else dumps(loads(dumps_set(sets[held]))),
                None if context is None else unpack(context), None if parent is None else unpack(parent), user,
            ))  # fmt: skip
    return sorted(found, key=repr)  # plain rows come first: their times tell the order


def dumps_set(attributes: Any) -> bytes:
    return attributes if isinstance(attributes, bytes) else dumps(attributes)


@given(st.lists(changes(), max_size=30), st.sampled_from([1, 4, 100]))
def test_rows_say_what_the_changes_were(of: list[Change], size: int) -> None:
    """Wherever a segment ends; also halved again and again, and out of the journal."""
    segments = made(of, size)
    assert facts(segments) == sorted(map(expected, of), key=repr)
    assert facts([Segment.from_list(*loads(dumps(segment.as_list()))) for segment in segments]) == facts(segments)
    while len(segments) < len(of):
        segments = [half for each in segments for half in (each.halves() if each.rows > 1 else [each])]
    assert facts(segments) == sorted(map(expected, of), key=repr)
    for segment in segments:  # what made a row unwritable is not dragged along
        assert len(segment.entities) == 1 and len(segment.sets) <= 1


@given(st.lists(changes(), max_size=30), st.sampled_from([1, 4, 100]))
def test_the_file_and_a_server_get_the_same_rows(of: list[Change], size: int) -> None:
    """SQLite, which finds numbers, texts and blobs itself; and rows as PostgreSQL's driver gets them."""
    of.sort(key=when)  # a clock that goes back and meets a microsecond again overwrites nothing, and adds nothing
    segments = made(of, size)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "marge.db")
        try:
            Writer().write(database.run, Batch(segments, {}))
            columns = "entity, updated_us, changed_us, state, attributes, context, parent, user"
            text = f"SELECT {columns} FROM states ORDER BY entity, updated_us"
            packed = database.run(lambda db: db.execute_sql(text).fetchall())
            database.run(lambda db: db.execute_sql("DELETE FROM states"))
            Writer(packs=False).write(database.run, Batch(segments, {}))
            rows = database.run(lambda db: db.execute_sql(text).fetchall())
            again = Writer().write(database.run, Batch(segments, {}))
            assert packed == rows == database.run(lambda db: db.execute_sql(text).fetchall())
            assert again == len(of)
            found = {name: history(database, name, 0, T0 * 2) for name in {change.entity_id for change in of}}
        finally:
            database.close()
    assert len(packed) == len(of)
    for name, states in found.items():
        assert [None if each is None else each.state for each in states] == [
            None if isinstance(each, Removal) else told(each.state) for each in of if each.entity_id == name
        ]


def test_a_segment_of_the_journal_that_is_none_is_refused() -> None:
    """Positions of nothing, rows of another shape."""
    segment = made([State("sensor.a", "x", None, T0, T0, T0, Context.new())], 1)[0]
    good = orjson.loads(dumps(segment.as_list()))
    for at, bad in ((0, []), (1, []), (2, [[1]]), (2, 5), (3, "é"), (4, [[1, 2]]), (5, 7)):
        broken = [*good[:at], bad, *good[at + 1 :]]
        try:
            Segment.from_list(*broken)
        except (IndexError, TypeError, ValueError):
            continue
        raise AssertionError(f"taken: {broken}")
