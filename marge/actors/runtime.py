"""Marge's two kinds of pykka actors and their loop. The only module, with `mailbox` and `future`, that knows pykka's
internals; no smart-home words here.

pykka's own loop stops every actor when a BaseException leaves one handler, and tells nobody when `on_start` fails. Here
an actor's end, however it comes, is reported to the system, which tells the supervisor; what it had not handled goes to
the dead letters.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import gevent
import pykka
import structlog
from gevent.event import Event as GreenletEvent
from pykka._envelope import Envelope
from pykka.messages import ProxyCall, ProxyGetAttr, ProxySetAttr, _ActorStop

from marge.actors.future import Future
from marge.actors.mailbox import Mailbox, Overflow
from marge.errors import Overloaded

if TYPE_CHECKING:
    from marge.actors.metering import Noter
    from marge.actors.supervisor import ChildSpec
    from marge.actors.system import ActorSystem

log = structlog.get_logger("marge.actors")

_PYKKA_MESSAGES = frozenset((_ActorStop, ProxyCall, ProxyGetAttr, ProxySetAttr))

STARTING, RUNNING, STOPPING, STOPPED, KILLED = "starting", "running", "stopping", "stopped", "killed"
PAUSED = "paused"
DRAINED = "drained by an operator"
NOTED_START_S = 0.001
"""An `on_start` that took longer is remembered."""

_SUMMARY_LENGTH = 200



class ActorRef(pykka.ActorRef[Any]):
    """pykka's reference with a shorter `tell` and `ask`: one call and one look-up instead of three of each."""

    actor_inbox: Mailbox  # type: ignore[assignment]  # pykka's protocol names less

    def tell(self, message: Any) -> None:
        """Send and forget.

        Raises:
            pykka.ActorDeadError: the actor has ended.
            Overloaded: its mailbox is full.
        """
        inbox = self.actor_inbox
        if inbox.stopped:
            raise pykka.ActorDeadError(f"{self} not found")
        inbox.put(Envelope(message))

    def ask(self, message: Any, *, block: bool = True, timeout: float | None = None) -> Any:
        """Send, and wait for the reply unless `block` is False, which returns the `Future`. Not from a handler on the
        shared dispatcher.

        Raises:
            pykka.ActorDeadError: the actor has ended, or ends before it has replied.
            pykka.Timeout: no reply within `timeout` seconds.
            Overloaded: its mailbox is full.
            Exception: whatever the receiver raised.
        """
        inbox = self.actor_inbox
        future = Future()
        future.target = self.actor_urn
        if inbox.stopped:
            future.set_exception((pykka.ActorDeadError, pykka.ActorDeadError(f"{self} not found"), None))
        else:
            inbox.put_question(Envelope(message, reply_to=future))
        return future.get(timeout=timeout) if block else future


_LOOP_NAMES = """
_answer_at_once _busy_s _drain_by_hand _end _fail _greenlet _handle _kill _killed _make _may_run _note _pause_by_hand
_processed _refuse _resume_by_hand _run _run_on_start _run_turn _start_s _status _stop _stop_reply _stop_requested
_trace _waiting_for _wake
"""
_INTERNAL = frozenset(_LOOP_NAMES.split())
"""Names of the loop that a subclass could redefine by accident."""


class ActorKilled(gevent.GreenletExit):
    """An operator, or an expired shutdown time, ended the actor by force."""


def summary(message: Any) -> str:
    """A message as one short line, for traces and dead letters."""
    try:
        text = repr(message)
    except Exception as exc:  # noqa: BLE001 - a broken __repr__ must not hide the message's type
        text = f"<{type(message).__name__}, whose repr failed: {exc}>"
    return text if len(text) <= _SUMMARY_LENGTH else text[: _SUMMARY_LENGTH - 1] + "…"


class Actor(pykka.Actor):
    """An actor on the shared dispatcher: it has no greenlet, and its handlers run to completion.

    Handlers must not wait: no I/O, no sleep, no `ask`. What waits is a `PinnedActor`. A handler that raises on a
    `tell` ends the actor, and its supervisor decides; on an `ask` the asker gets the error and the actor lives.

    Attributes:
        system, path: where it lives; set before `__init__` runs.
        mailbox_limit, overflow: how many messages may wait and what happens to one more.
    """

    mailbox_limit: ClassVar[int] = 10_000
    overflow: ClassVar[Overflow] = Overflow.REJECT

    system: ActorSystem
    path: str
    spec: ChildSpec | None = None
    """How it was made; what a supervisor's successor needs to take it over."""
    actor_inbox: Mailbox  # type: ignore[assignment]  # pykka's protocol lacks nothing that pykka uses

    # Defaults on the class: an idle actor pays for an attribute only once it differs.
    _status: str = STARTING
    _processed: int = 0
    _busy_s: float = 0.0
    _slow_turns: int = 0
    _start_s: float = 0.0
    _killed: BaseException | None = None
    _trace: Noter | None = None
    _stop_reply: Future | None = None

    def __new__(cls, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(f"{cls.__name__} is made by ActorSystem.spawn(ChildSpec(…)), so that somebody supervises it")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__.startswith("marge.actors."):
            return
        taken = {name for name in _INTERNAL & vars(cls).keys() if any(name in vars(base) for base in cls.__mro__[1:])}
        if taken:
            raise TypeError(f"{cls.__name__} must not define {', '.join(sorted(taken))}: the actor's loop needs them")

    @classmethod
    def start(cls, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Not supported: an actor has a path and a supervisor. Use `ActorSystem.spawn`."""
        raise TypeError(f"{cls.__name__} is started by ActorSystem.spawn(ChildSpec(…)), so that somebody supervises it")

    @classmethod
    def _make(cls, system: ActorSystem, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Actor:
        actor = object.__new__(cls)
        actor.system = system
        actor.path = actor.actor_urn = path
        actor.actor_inbox = actor._create_mailbox()
        actor.actor_stopped = actor.actor_inbox  # type: ignore[assignment]  # is_set() and set() are all pykka uses
        actor._actor_ref = ActorRef(actor)
        actor.__init__(*args, **kwargs)  # type: ignore[misc]  # object.__new__ has not run it
        return actor

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        # pykka's own makes a UUID and a threading.Event for each actor; `_make` has done what is needed.
        pass

    @property
    def actor_ref(self) -> ActorRef:
        """How others address this actor."""
        return self._actor_ref  # type: ignore[return-value]  # `_make` put it there

    # -- hooks ---------------------------------------------------------------------------------------------------

    def describe(self) -> dict[str, Any]:
        """Summary of the actor's state for the console. Runs in the asker's greenlet: quick, never waits."""
        return {}

    def on_stop_request(self) -> bool:
        """Whether the actor can stop at once. One that says False calls `finish_stop` when it can."""
        return True

    def finish_stop(self) -> None:
        """End an actor whose `on_stop_request` said False."""
        self._end(None)

    # -- pykka's extension points --------------------------------------------------------------------------------

    def _create_mailbox(self) -> Mailbox:
        return Mailbox(self.mailbox_limit, self.overflow, self.system.dispatcher.schedule, self, self._refuse)

    @staticmethod
    def _create_actor_inbox() -> NoReturn:
        raise TypeError("mailboxes are made by the actor's system")

    @staticmethod
    def _create_future() -> Future:
        return Future()

    def _start_actor_loop(self) -> None:
        self.actor_inbox.busy = True
        self.system.dispatcher.schedule(self)

    # -- the loop ------------------------------------------------------------------------------------------------

    def _run_turn(self, most: int) -> bool:
        """Handle up to `most` messages. True when more are waiting. Called by the dispatcher only."""
        inbox = self.actor_inbox
        if self._status is not RUNNING and not self._may_run():
            return False
        for _ in range(most):
            envelope = inbox.get()
            if envelope is None:
                inbox.busy = False
                return False
            if not self._handle(envelope):
                return False
        if inbox.empty():
            inbox.busy = False
            return False
        return True

    def _answer_at_once(self, envelope: Envelope[Any]) -> bool:
        """Take a turn for one message in the asker's greenlet. False: that cannot be, and nothing has happened."""
        return self._status is RUNNING and self.system.dispatcher.run_at_once(self, envelope)

    def _may_run(self) -> bool:
        """What a turn does before messages unless the actor just runs: start it, or end it when it was killed."""
        if self.actor_inbox.stopped:
            return False
        if self._status is KILLED:
            assert self._killed is not None
            self._fail(self._killed)
            return False
        if self._status is PAUSED:
            return False
        return self._status is STOPPING or self._run_on_start()

    def _run_on_start(self) -> bool:
        began = time.perf_counter()
        try:
            self.on_start()
        except BaseException as exc:  # noqa: BLE001 - the border of one actor: every end of it is reported
            self._fail(exc)
            return False
        if self.actor_inbox.stopped:
            return False
        self._status = RUNNING
        took = time.perf_counter() - began
        if took > NOTED_START_S:
            self._start_s = took
        self.system._actor_ready(self)
        return True

    def _handle(self, envelope: Envelope[Any]) -> bool:
        """Handle one message. False when the actor has ended. The hot path: flat on purpose."""
        self._processed += 1
        message, reply_to = envelope.message, envelope.reply_to
        began = 0.0 if self._trace is None else time.perf_counter()
        try:
            if type(message) in _PYKKA_MESSAGES:
                if type(message) is _ActorStop:
                    return self._stop_requested(reply_to)
                response = super()._handle_receive(message)
            else:
                response = self.on_receive(message)
            if reply_to is not None:
                reply_to.set(response)
        except Exception as exc:  # noqa: BLE001 - the border of one message
            if reply_to is None:
                self._fail(exc, message)
                return False
            reply_to.set_exception(sys.exc_info())
        except BaseException as exc:  # noqa: BLE001 - a leaked Timeout or a kill ends this actor, and only this one
            if reply_to is not None:
                reply_to.set_exception(sys.exc_info())
            self._fail(exc, message)
            return False
        if self._trace is not None:
            self._note(message, began)
        return not self.actor_inbox.stopped

    def _note(self, message: Any, began: float) -> None:
        """Add a handled message to the trace. It was switched on in this very handler when `began` is 0."""
        assert self._trace is not None
        self._trace.note(self, message, time.perf_counter() - began if began else 0.0)

    def _stop_requested(self, reply_to: Any) -> bool:
        self._status = STOPPING
        if reply_to is not None:
            if self._stop_reply is not None:
                self._stop_reply.link(lambda result: reply_to.set(None))
            else:
                self._stop_reply = reply_to
        if not self.on_stop_request():
            return True
        self._end(None)
        return False

    def _fail(self, exc: BaseException, message: Any = None) -> None:
        """End the actor because `exc` left one of its hooks, while it handled `message` if that is not None."""
        try:
            self.on_failure(type(exc), exc, exc.__traceback__)
        except Exception:
            log.exception("on_failure failed", actor=self.path)
        self._end(exc, message)

    def _end(self, reason: BaseException | None, fatal: Any = None) -> None:
        """Leave the system: run `on_stop` after an orderly stop, refuse what still waits, tell the system."""
        inbox = self.actor_inbox
        if inbox.stopped:
            return
        if reason is None:
            try:
                self.on_stop()
            except BaseException as exc:  # noqa: BLE001 - reported as the reason of the end
                reason = exc
        inbox.stopped = True
        self._status = STOPPED
        while (envelope := inbox.get()) is not None:
            self._refuse(envelope, "stopped")
        inbox.busy = False
        self.system._actor_ended(self, reason, None if fatal is None else summary(fatal))
        if self._stop_reply is not None:
            self._stop_reply.set(None)

    def _refuse(self, envelope: Envelope[Any], reason: str) -> None:
        """What this mailbox cannot keep: askers get an error, and tells go to the dead letters."""
        if isinstance(envelope.message, _ActorStop):
            if envelope.reply_to is not None:
                envelope.reply_to.set(None)
            return
        waited = False
        if reason == DRAINED:
            waited = True
            if envelope.reply_to is not None:
                refusal = Overloaded(f"an operator threw away what waited for {self.path}")
                envelope.reply_to.set_exception((Overloaded, refusal, None))
        elif reason == "stopped":
            waited = self._status is STOPPED and self.system.actor(self.path) is self
            if envelope.reply_to is not None:
                error = pykka.ActorDeadError(f"{self.path} stopped before it handled the message")
                envelope.reply_to.set_exception((pykka.ActorDeadError, error, None))
        self.system.dead_letters.add(self.path, envelope.message, reason, waited)

    # -- an operator's doing -------------------------------------------------------------------------------------------

    def _pause_by_hand(self) -> bool:
        """Let messages wait until `_resume_by_hand`. False: it does not just run."""
        if self._status is not RUNNING:
            return False
        self._status = PAUSED
        if self.actor_inbox.busy:
            self.system.dispatcher.forget(self)
        self.actor_inbox.busy = True  # so that what arrives wakes nobody
        return True

    def _resume_by_hand(self) -> bool:
        """Go on. False: it was not paused."""
        if self._status is not PAUSED:
            return False
        self._status = RUNNING
        if self.actor_inbox.empty():
            self.actor_inbox.busy = False
        else:
            self.system.dispatcher.schedule(self)
        return True

    def _drain_by_hand(self) -> int:
        """Give what waits to the dead letters; how many messages that were. An order to stop stays."""
        inbox = self.actor_inbox
        orders, count = [], 0
        while (envelope := inbox.get()) is not None:
            if isinstance(envelope.message, _ActorStop):
                orders.append(envelope)
            else:
                count += 1
                self._refuse(envelope, DRAINED)
        for envelope in orders:
            inbox.put(envelope)
        return count

    def _kill(self, reason: BaseException) -> None:
        """End by force. A shared actor is never inside a handler when others run, so its next turn is its end."""
        self._killed, self._status = reason, KILLED
        self.actor_inbox.busy = True
        self.system.dispatcher.schedule(self)


class Waiting:
    """The time in which a pinned actor waits. Thousands may wait at once, so not a generator."""

    __slots__ = ("_actor", "_before", "_what")

    def __init__(self, actor: PinnedActor, what: str) -> None:
        self._actor = actor
        self._what = what

    def __enter__(self) -> None:
        self._before = self._actor._waiting_for
        self._actor._waiting_for = (self._what, time.monotonic())

    def __exit__(self, *_error: object) -> None:
        actor = self._actor
        if self._before is None and actor._waiting_for is not None:
            actor._busy_s -= time.monotonic() - actor._waiting_for[1]  # waiting is not work
        actor._waiting_for = self._before


class PinnedActor(Actor):
    """An actor with a greenlet of its own. It may sleep, do cooperative I/O and ask; only it waits meanwhile."""

    _greenlet: gevent.Greenlet | None = None
    _waiting_for: tuple[str, float] | None = None

    def waiting_for(self, what: str) -> Waiting:
        """For `with`: show in the tree that this actor waits for `what`, and since when."""
        return Waiting(self, what)

    def _create_mailbox(self) -> Mailbox:
        self._arrived = GreenletEvent()
        return Mailbox(self.mailbox_limit, self.overflow, self._wake, None, self._refuse)

    def _start_actor_loop(self) -> None:
        self._greenlet = gevent.spawn(self._run)
        self._greenlet.name = self.path

    def _wake(self, _actor: Any = None) -> None:
        self._arrived.set()

    def _pause_by_hand(self) -> bool:
        """As an actor's, but what it does now, it does to its end."""
        if self._status is not RUNNING:
            return False
        self._status = PAUSED
        return True

    def _resume_by_hand(self) -> bool:
        if self._status is not PAUSED:
            return False
        self._status = RUNNING
        self._arrived.set()
        return True

    def _run(self) -> None:
        try:
            if not self._run_on_start():
                return
            inbox = self.actor_inbox
            while True:
                envelope = None if self._status is PAUSED else inbox.get()
                if envelope is None:
                    self._arrived.clear()
                    inbox.busy = False
                    self._arrived.wait()
                    continue
                begun = time.perf_counter()
                alive = self._handle(envelope)
                self._busy_s += time.perf_counter() - begun
                if not alive:
                    return
        except BaseException as exc:  # noqa: BLE001 - killed while idle
            self._fail(exc)

    def _kill(self, reason: BaseException) -> None:
        greenlet = self._greenlet
        if greenlet is not None and greenlet.started and greenlet.gr_frame is not None and not greenlet.dead:
            greenlet.kill(reason, block=False)
            return
        if greenlet is not None:
            greenlet.kill(block=False)  # it has not run yet, so its loop could not report the end
        self._fail(reason)
