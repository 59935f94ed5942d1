"""The event bus: publish once, delivered by event type and by key. No filtering by content here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from pykka._envelope import Envelope

from marge.actors.runtime import ActorRef
from marge.errors import Overloaded
from marge.model import MATCH_ALL, Event

if TYPE_CHECKING:
    from marge.actors.mailbox import Mailbox

log = structlog.get_logger("marge.bus")

Target = ActorRef | Callable[[Event], None]


class Subscription:
    """One subscriber's interest. `cancel()` ends it; it ends by itself with its actor.

    Attributes:
        deliver: hands over one event.
        listeners: for how many it stands in `listener_counts`.
    """

    __slots__ = ("_bus", "_mailbox", "deliver", "event_type", "follows", "foreign", "key", "listeners")

    def __init__(
        self, bus: EventBus, target: Target, event_type: str, key: str | None, foreign: bool = False,
        follows: str | None = None,
    ) -> None:
        self._bus = bus
        self.foreign = foreign
        self.follows = follows
        self.event_type = event_type
        self.key = key
        self.listeners = 1
        self._mailbox: Mailbox | None = None
        self.deliver: Callable[[Event], None]
        if isinstance(target, ActorRef):
            self._mailbox = target.actor_inbox
            self.deliver = self._to_mailbox
        else:
            self.deliver = target

    def _to_mailbox(self, event: Event) -> None:
        assert self._mailbox is not None
        try:
            self._mailbox.put(Envelope(event))
        except Overloaded:
            return  # counted with the dead letters; a publisher is not the one to suffer

    def cancel(self) -> None:
        self._bus._remove(self)


class EventBus:
    """Delivers events to the subscribers of their type, and of their type and key. Used from the hub only.

    Delivery to an actor is one mailbox put; a callable is called at once and must not wait. The tuples of
    subscribers are replaced, never changed, so that a listener may subscribe or cancel while it is called.
    """

    def __init__(self) -> None:
        self.published = 0
        self.delivered = 0
        self._index: dict[str, dict[str | None, tuple[Subscription, ...]]] = {}
        self._all: tuple[Subscription, ...] = ()
        self._by_mailbox: dict[int, list[Subscription]] = {}

    def subscribe(
        self, target: Target, event_type: str, key: str | None = None, foreign: bool = False,
        follows: str | None = None,
    ) -> Subscription:
        """Deliver events of `event_type` (`MATCH_ALL`: all) to `target`; with `key`, those published with that key.

        With `foreign` also those that `publish_foreign` brings, whose data may be anything.

        Args:
            follows: the key as the subscriber knows it: the subscription moves with `rekey`, and hears nothing of the
                move itself.
        """
        subscription = Subscription(self, target, event_type, key, foreign, follows)
        if event_type == MATCH_ALL:
            self._all += (subscription,)
        else:
            by_key = self._index.setdefault(event_type, {})
            by_key[key] = by_key.get(key, ()) + (subscription,)
        if subscription._mailbox is not None:
            self._by_mailbox.setdefault(id(subscription._mailbox), []).append(subscription)
        return subscription

    def publish(self, event: Event, key: str | None = None, is_moving: bool = False) -> None:
        """Deliver `event`. Returns when all have it in their mailboxes; never waits for them.

        Args:
            is_moving: the key is about to be renamed: those that follow it hear nothing.
        """
        self.published += 1
        hearing: tuple[Subscription, ...] = ()
        by_key = self._index.get(event.event_type)
        if by_key is not None:
            hearing = by_key.get(None, ())
            if key is not None:
                hearing += by_key.get(key, ())
            if is_moving:
                hearing = tuple(each for each in hearing if each.follows is None)
        self._deliver_to(hearing + self._all, event)

    def _deliver_to(self, hearing: tuple[Subscription, ...], event: Event) -> None:
        """To those who heard when the event was published, whoever comes or goes meanwhile. A listener's error is
        logged under its name and reaches nobody else."""
        self.delivered += len(hearing)
        for subscription in hearing:
            try:
                subscription.deliver(event)
            except Exception:
                log.exception("a bus listener failed", listener=repr(subscription.deliver),
                              event_type=event.event_type)

    def publish_foreign(self, event: Event) -> None:
        """Deliver an event that a client made up, to those only who said that they can take any data.

        For types whose data everybody inside relies on: a forged `state_changed` must reach no recorder.
        """
        self.published += 1
        hearing = self._index.get(event.event_type, {}).get(None, ()) + self._all
        self._deliver_to(tuple(each for each in hearing if each.foreign), event)

    def rekey(self, event_type: str, old: str, new: str, only: str | None = None) -> None:
        """Move the subscriptions that follow `old` to the key `new`.

        Args:
            only: just those whose subscribers know the key by this name.
        """
        by_key = self._index.get(event_type, {})
        there = by_key.get(old, ())
        moving = tuple(each for each in there if each.follows is not None and only in (None, each.follows))
        if not moving:
            return
        left = tuple(each for each in there if each not in moving)
        if left:
            by_key[old] = left
        else:
            del by_key[old]
        for each in moving:
            each.key = new
        by_key[new] = by_key.get(new, ()) + moving

    def listener_counts(self) -> dict[str, int]:
        """How many subscriptions each event type has; `*` counts those to all types."""
        counts = {
            kind: sum(each.listeners for some in by_key.values() for each in some)
            for kind, by_key in self._index.items()
        }
        if self._all:
            counts[MATCH_ALL] = sum(each.listeners for each in self._all)
        return counts

    def is_heard(self, event_type: str) -> bool:
        """Whether anybody subscribed to just this type."""
        return event_type in self._index

    def subscriptions_of(self, ref: ActorRef) -> list[Subscription]:
        """What is delivered to this actor's mailbox. Not what its functions listen to."""
        return list(self._by_mailbox.get(id(ref.actor_inbox), ()))

    def drop(self, ref: ActorRef) -> None:
        """Cancel all subscriptions of an actor that has ended."""
        for subscription in self._by_mailbox.pop(id(ref.actor_inbox), ()):
            self._remove(subscription)

    def describe(self) -> dict[str, Any]:
        return {"published": self.published, "delivered": self.delivered, "listeners": self.listener_counts()}

    def _remove(self, subscription: Subscription) -> None:
        if subscription.event_type == MATCH_ALL:
            self._all = tuple(each for each in self._all if each is not subscription)
        else:
            by_key = self._index.get(subscription.event_type)
            if by_key is None or subscription.key not in by_key:
                return
            left = tuple(each for each in by_key[subscription.key] if each is not subscription)
            if left:
                by_key[subscription.key] = left
            else:
                del by_key[subscription.key]
                if not by_key:
                    del self._index[subscription.event_type]
        mine = self._by_mailbox.get(id(subscription._mailbox)) if subscription._mailbox is not None else None
        if mine is not None and subscription in mine:
            mine.remove(subscription)
            if not mine:
                del self._by_mailbox[id(subscription._mailbox)]
