"""Events reach those who asked for their type, or for their type and key, and nobody else."""

from __future__ import annotations

from marge.actors import ChildSpec
from marge.model import MATCH_ALL, Context, Event
from tests.actors.dummies import Recorder, Shared


def event(event_type: str = "x") -> Event:
    return Event(event_type, {}, Context.new(), 0.0)


def test_delivery_by_type_by_key_and_to_all(system):
    """Each subscriber hears exactly what it asked for."""
    heard: list[str] = []
    system.bus.subscribe(lambda e: heard.append("type"), "x")
    system.bus.subscribe(lambda e: heard.append("key"), "x", "k")
    system.bus.subscribe(lambda e: heard.append("other key"), "x", "o")
    system.bus.subscribe(lambda e: heard.append("all"), MATCH_ALL)
    system.bus.publish(event(), "k")
    system.bus.publish(event("y"))

    assert heard == ["type", "key", "all", "all"]
    assert system.bus.listener_counts() == {"x": 3, MATCH_ALL: 1}


def test_an_actor_gets_events_in_its_mailbox_until_it_ends(system):
    """Subscriptions end with their actor."""
    recorder = Recorder()
    ref = system.spawn(ChildSpec("a", Shared, (recorder,)))
    system.bus.subscribe(ref, "x")
    first = event()
    system.bus.publish(first)
    system.settle()
    assert recorder.notes[1:] == [first]
    system.kill("/a")
    system.settle()

    assert system.bus.listener_counts() == {}


def test_a_listener_that_raises_harms_nobody(system):
    """The others still hear it, and the publisher never notices."""
    heard: list[int] = []
    system.bus.subscribe(lambda e: 1 / 0, "x")
    system.bus.subscribe(lambda e: heard.append(1), "x")
    system.bus.publish(event())

    assert heard == [1]


def test_a_listener_may_cancel_and_subscribe_while_it_is_called(system):
    """Delivery works on a snapshot of the subscribers."""
    heard: list[str] = []

    def once(_event: Event) -> None:
        heard.append("once")
        subscription.cancel()
        system.bus.subscribe(lambda e: heard.append("later"), "x")

    subscription = system.bus.subscribe(once, "x")
    system.bus.publish(event())
    system.bus.publish(event())

    assert heard == ["once", "later"]


def test_a_full_subscriber_does_not_fail_the_publisher(system):
    """The event is a dead letter of the slow one."""

    class Small(Shared):
        mailbox_limit = 1

    ref = system.spawn(ChildSpec("small", Small))
    system.bus.subscribe(ref, "x")
    for _ in range(3):
        system.bus.publish(event())

    assert system.dead_letters.by_reason["mailbox full"] == 2


def test_a_made_up_event_reaches_only_those_who_take_anything(system):
    """A forged event of a type that the inside relies on must not reach the inside."""
    heard: list[str] = []
    system.bus.subscribe(lambda e: heard.append("inside"), "x")
    system.bus.subscribe(lambda e: heard.append("client"), "x", foreign=True)
    system.bus.subscribe(lambda e: heard.append("client of all"), MATCH_ALL, foreign=True)
    system.bus.publish_foreign(event())

    assert heard == ["client", "client of all"]
