"""The buffer: bounded, and never without the newest state of an entity."""

from hypothesis import given
from hypothesis import strategies as st

from marge.model import Context, Event, State
from marge.recorder.changes import Change, ChangeBuffer, Removal

CONTEXT = Context.new()


def event(name, value):
    state = None if value is None else State(f"sensor.{name}", str(value), None, 1.0, 1.0, 1.0, CONTEXT)
    return Event("state_changed", {"entity_id": f"sensor.{name}", "old_state": None, "new_state": state}, CONTEXT, 2.0)


def value_of(change):
    return None if isinstance(change, Removal) else change.state


def test_oldest_rows_are_shed_but_current_states_are_kept():
    """Over the limit the oldest history goes and is counted; every entity's newest state is still there."""
    buffer = ChangeBuffer(lambda entity_id: "mqtt", limit=10)
    buffer.take(event("quiet", 1))
    for value in range(30):
        buffer.take(event("busy", value))
    batch = buffer.batch(100)
    assert buffer.shed == 21
    assert [value_of(change) for change in batch.history] == [str(value) for value in range(20, 30)]
    assert {name: (value_of(change), owner) for name, (change, owner) in batch.current.items()} == {
        "sensor.quiet": ("1", "mqtt"), "sensor.busy": ("29", "mqtt"),
    }
    assert buffer.is_empty


def test_removal_is_the_newest_change():
    """An entity that was removed is recorded as gone, at the time of the event."""
    buffer = ChangeBuffer(lambda entity_id: None)
    buffer.take(event("a", 1))
    buffer.take(event("a", None))
    assert buffer.batch(10).current == {"sensor.a": (Removal("sensor.a", 2.0), None)}


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
    history: list[Change] = []
    taken: list[Event] = []

    def write(most, is_last=False):
        batch = buffer.batch(most, is_last)
        assert len(batch.history) <= most
        history.extend(batch.history)
        written.update((name, change) for name, (change, _owner) in batch.current.items())

    for kind, first, second in steps:
        if kind == "take":
            made = event(first, second)
            buffer.take(made)
            newest[f"sensor.{first}"] = made.data["new_state"]
            taken.append(made)
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
