"""The buffer: bounded, and never without the newest state of an entity."""

from hypothesis import given
from hypothesis import strategies as st

from marge.model import Context, Event, State
from marge.recorder.changes import ChangeBuffer
from marge.recorder.rows import Change, Removal

CONTEXT = Context.new()


def event(name, value, at=1.0):
    state = None if value is None else State(f"sensor.{name}", str(value), None, at, at, at, CONTEXT)
    data = {"entity_id": f"sensor.{name}", "old_state": None, "new_state": state}
    return Event("state_changed", data, CONTEXT, at)


def value_of(change):
    return None if isinstance(change, Removal) else change.state


def rows(batch):
    """Time and state."""
    return [(cells[1], cells[3]) for segment in batch.history for cells in segment.cells()]


def values(batch):
    return [state for _at, state in sorted(rows(batch), key=lambda row: row[0])]


def test_oldest_rows_are_shed_but_current_states_are_kept():
    """Over the limit the oldest history goes and is counted; every entity's newest state is still there."""
    buffer = ChangeBuffer(lambda entity_id: "mqtt", limit=10)
    buffer.take(event("quiet", 1))
    for value in range(30):
        buffer.take(event("busy", value))
    batch = buffer.batch(100)
    assert buffer.shed == 21
    assert values(batch) == [str(value) for value in range(20, 30)]
    assert {name: (value_of(change), owner) for name, (change, owner) in batch.current.items()} == {
        "sensor.quiet": ("1", "mqtt"), "sensor.busy": ("29", "mqtt"),
    }
    assert buffer.is_empty


def test_a_large_buffer_sheds_a_hundredth_at_once():
    """Never more than its limit, never less than that share below it."""
    buffer = ChangeBuffer(lambda entity_id: None, limit=1_000)
    for value in range(3_333):
        buffer.take(event("busy", value, 1.0 + value))
        assert min(value + 1, 980) <= len(buffer) <= 1_000
    assert len(buffer) + buffer.shed == 3_333
    assert [int(each) for each in values(buffer.batch(2_000))] == list(range(buffer.shed, 3_333))


def test_removal_is_the_newest_change():
    """An entity that was removed is recorded as gone, at the time of the event."""
    buffer = ChangeBuffer(lambda entity_id: None)
    buffer.take(event("a", 1))
    buffer.take(event("a", None, 2.0))
    batch = buffer.batch(10)
    assert batch.current == {"sensor.a": (Removal("sensor.a", 2.0), None)}
    assert values(batch) == ["1", None]


def test_a_change_that_is_no_row_costs_nobody_else_anything():
    """It is counted; the entity that made it goes on, and so does its history."""
    buffer = ChangeBuffer(lambda entity_id: None)
    for at in (1.0, 1e30, float("nan"), 3.0):
        buffer.take(event("odd", at, at))
    buffer.take(event("other", 1))
    assert sorted(values(buffer.batch(10))) == ["1", "1.0", "3.0"]
    assert buffer.unrecordable == 2


@given(
    st.lists(
        st.tuples(st.just("take"), st.sampled_from("abc"), st.none() | st.integers(0, 99))
        | st.tuples(st.sampled_from(["write", "write last", "fail"]), st.integers(1, 5), st.none()),
        max_size=60,
    )
)
def test_whatever_fails_the_newest_state_is_written_in_the_end(steps):
    """Any order of changes, written and failed batches: in the end, and after each last batch, each entity's row is its
    newest change, history is complete but for what was shed, and the buffer was never over its limit."""
    buffer = ChangeBuffer(lambda entity_id: None, limit=8)
    newest: dict[str, State | None] = {}
    written: dict[str, Change] = {}
    history: list[tuple[int, str | None]] = []
    taken: list[str | None] = []

    def write(most, is_last=False):
        batch = buffer.batch(most, is_last)
        assert batch.rows <= most
        history.extend(rows(batch))
        written.update((name, change) for name, (change, _owner) in batch.current.items())

    for kind, first, second in steps:
        if kind == "take":
            made = event(first, second, 1.0 + len(taken))
            buffer.take(made)
            newest[f"sensor.{first}"] = made.data["new_state"]
            taken.append(None if second is None else str(second))
        elif kind == "write":
            write(first)
        elif kind == "write last":
            write(first, is_last=True)
            assert {n: None if isinstance(c, Removal) else c for n, c in written.items()} == newest
        else:
            buffer.put_back(buffer.batch(first))
        assert len(buffer) <= 8
    while not buffer.is_empty:
        write(3)
    assert {n: None if isinstance(c, Removal) else c for n, c in written.items()} == newest
    assert len(history) + buffer.shed == len(taken)
    if not buffer.shed:
        assert [state for _at, state in sorted(history, key=lambda row: row[0])] == taken
