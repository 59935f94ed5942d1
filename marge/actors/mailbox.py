"""The bounded mailbox of an actor. It is also the actor's stopped flag: one object instead of three, 50,000 times."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any

from pykka._envelope import Envelope

from marge.errors import Overloaded


class Overflow(Enum):
    """What a full mailbox does with one more message."""

    REJECT = "reject"
    """The newcomer goes to the dead letters; its sender gets `Overloaded`."""
    DROP_OLDEST = "drop_oldest"
    """The oldest one goes to the dead letters."""
    DROP_NEWEST = "drop_newest"
    """The newcomer goes to the dead letters; its sender is not told."""


class Backlog(deque[Envelope[Any]]):
    """Messages that wait, and since when several do (steady seconds). Idle mailboxes have none, and pay for none."""

    __slots__ = ("since",)

    def __init__(self, first: Envelope[Any]) -> None:
        super().__init__((first,))
        self.since = time.monotonic()


class Mailbox:
    """FIFO queue of envelopes with a limit.

    `wake(actor)` is called when a message arrives in an idle mailbox, `refuse(envelope, reason)` when one cannot be
    kept. A single waiting envelope stands for itself, and a deque (`Backlog`) exists only while several wait: most
    mailboxes are empty or hold one message, and 50,000 idle deques would be 31 MB (`loadtests/bench_actors.py`).

    Attributes:
        made: when its actor started, UTC epoch seconds. Here, since one more attribute of the actor costs 280 bytes.
    """

    __slots__ = ("_actor", "_queue", "_refuse", "_wake", "busy", "limit", "made", "overflow", "stopped")

    def __init__(
        self,
        limit: int,
        overflow: Overflow,
        wake: Callable[[Any], None],
        actor: Any,
        refuse: Callable[[Envelope[Any], str], None],
    ) -> None:
        self._queue: Envelope[Any] | Backlog | None = None
        self._wake = wake
        self._actor = actor
        self._refuse = refuse
        self.limit = limit
        self.overflow = overflow
        self.busy = False
        self.stopped = False
        self.made = 0.0

    def put(self, envelope: Envelope[Any]) -> None:
        """Queue `envelope`.

        Raises:
            Overloaded: full, and the policy is `REJECT`.
        """
        if self.stopped:
            self._refuse(envelope, "stopped")
            return
        queue = self._queue
        if queue is None:
            self._queue = envelope
        elif not self._append(queue, envelope):
            return
        if not self.busy:
            self.busy = True
            self._wake(self._actor)

    def put_question(self, envelope: Envelope[Any]) -> None:
        """As `put`, for an envelope whose sender waits for the reply: it is answered at once when nothing else waits.

        Raises:
            Overloaded: see `put`.
        """
        actor = self._actor
        if self.busy or self.stopped or actor is None or not actor._answer_at_once(envelope):
            self.put(envelope)

    def _append(self, queue: Envelope[Any] | Backlog, envelope: Envelope[Any]) -> bool:
        """Put `envelope` behind those that wait. False: it was refused."""
        if type(queue) is not Backlog:
            queue = self._queue = Backlog(queue)  # type: ignore[arg-type]  # not a backlog, so one envelope
        if len(queue) >= self.limit:
            if self.overflow is Overflow.DROP_OLDEST:
                self._refuse(queue.popleft(), "mailbox full")
            else:
                self._refuse(envelope, "mailbox full")
                if self.overflow is Overflow.REJECT:
                    raise Overloaded(f"mailbox full ({self.limit} messages)")
                return False
        queue.append(envelope)
        return True

    def get(self) -> Envelope[Any] | None:
        """The next envelope, or None when there is none."""
        queue = self._queue
        if queue is None:
            return None
        if type(queue) is not Backlog:
            self._queue = None
            return queue  # type: ignore[return-value]  # not a backlog, so one envelope
        envelope = queue.popleft()
        if not queue:
            self._queue = None
        return envelope

    def empty(self) -> bool:
        return self._queue is None

    def __len__(self) -> int:
        queue = self._queue
        if queue is None:
            return 0
        return len(queue) if type(queue) is Backlog else 1

    # -- for the console -----------------------------------------------------------------------------------------------

    def waiting(self) -> list[Envelope[Any]]:
        """What waits, the oldest first."""
        queue = self._queue
        if queue is None:
            return []
        return list(queue) if isinstance(queue, Backlog) else [queue]

    def oldest(self) -> Envelope[Any] | None:
        """What has waited for longest."""
        queue = self._queue
        return queue[0] if isinstance(queue, Backlog) else queue

    def backlog_since(self) -> float | None:
        """Since when (steady seconds) more than one message has waited without a break; None: that is not so."""
        queue = self._queue
        return queue.since if isinstance(queue, Backlog) else None

    # pykka's `actor_stopped` is a threading.Event; these two are all it uses of it.
    def is_set(self) -> bool:
        return self.stopped

    def set(self) -> None:
        self.stopped = True


class Timed(Envelope[Any]):
    """An envelope that knows when it came (`perf_counter` seconds)."""

    __slots__ = ("came",)

    def __init__(self, envelope: Envelope[Any]) -> None:
        super().__init__(envelope.message, envelope.reply_to)
        self.came = time.perf_counter()


def measure(mailbox: Mailbox, note: Callable[[float], None]) -> None:
    """Call `note` with how long (s) each message waited, when its turn comes, until `measure_no_more`.

    The mailbox's class is exchanged: one of which nobody wants to know it neither looks nor pays.
    """

    class TimedMailbox(Mailbox):
        __slots__ = ()

        def put(self, envelope: Envelope[Any]) -> None:
            super().put(envelope if type(envelope) is Timed else Timed(envelope))

        def get(self) -> Envelope[Any] | None:
            envelope = super().get()
            if type(envelope) is Timed:
                note(time.perf_counter() - envelope.came)
            return envelope

    mailbox.__class__ = TimedMailbox


def measure_no_more(mailbox: Mailbox) -> None:
    """What waits already keeps its time, for which nobody asks."""
    mailbox.__class__ = Mailbox
