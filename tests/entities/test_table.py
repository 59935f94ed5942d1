"""The state table counts who has entities of which domain."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from marge.entities import StateTable
from marge.model import Context, ReadOnlyDict, State

IDS = ("light.a", "light.b", "switch.a")
OWNERS = (None, "mqtt", "demo")


def state(entity_id: str) -> State:
    return State(entity_id, "on", ReadOnlyDict(), 0.0, 0.0, 0.0, Context.new())


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.sampled_from(IDS)),
            st.tuples(st.just("remove"), st.sampled_from(IDS)),
            st.tuples(st.sampled_from(OWNERS), st.sampled_from(IDS)),
        ),
        max_size=30,
    )
)
def test_kinds_are_what_a_look_at_all_entities_finds(steps):
    """Whatever comes, goes and changes its owner, in whatever order."""
    table = StateTable()
    for what, entity_id in steps:
        if what == "put":
            table._put(state(entity_id), True)
        elif what == "remove":
            table._remove(entity_id)
        else:
            table._set_owner(entity_id, what)

        looked = Counter((table.owner(each), each.partition(".")[0]) for each in table.ids())
        assert table.kinds() == set(looked)
        assert +table._kinds == looked
