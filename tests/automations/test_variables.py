from __future__ import annotations

from marge.automations.variables import Variables


def test_assignment_goes_where_the_variable_was_defined():
    """A nested sequence changes the outer variable; a new one belongs to the whole run."""
    run = Variables({"a": 1})
    inner = run.child({"b": 2}).child()

    inner.assign("a", 5)
    inner.assign("b", 6)
    inner.assign("new", 7)

    assert run.flat() == {"a": 5, "new": 7}
    assert inner["b"] == 6


def test_a_loops_variable_stays_in_the_loop():
    """`repeat` of an inner loop hides the outer one and is gone with it."""
    run = Variables()
    loop = run.child()
    loop.local("repeat", 1)

    assert "repeat" in loop
    assert "repeat" not in run


def test_wait_of_a_parallel_branch_stays_in_the_branch():
    """Branches that wait at the same time do not see each other's `wait`."""
    run = Variables({"wait": None})
    one, other = run.child(parallel=True), run.child(parallel=True)

    one.child().assign_wait({"completed": True})

    assert one["wait"] == {"completed": True}
    assert other["wait"] is None
