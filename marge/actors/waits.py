"""Who asks whom, since when: found by looking at waiting greenlets, so that asking costs nothing while nobody looks.

Only pinned actors (and greenlets that are no actors) ask. An actor that waits in `Future.get` has that frame on its
greenlet's stack, and the future knows whom it was asked of.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from marge.actors.future import Future
from marge.actors.runtime import PinnedActor
from marge.actors.system import ActorSystem
from marge.util.frames import inner_frames

_GET = Future.get.__code__
_FRAMES = 40
_MOST_HOPS = 50


class Wait(NamedTuple):
    """One question without an answer yet.

    Attributes:
        asker: a path; None: no actor (a client's request, for one).
        target: whom it was asked of; None: not known.
        since_s: seconds that the asker has waited; None: not known.
        message: the type of what was asked while it still waits in the target's mailbox; None: it is being handled.
        ahead: how many messages the target handles before it.
    """

    asker: str | None
    target: str | None
    since_s: float | None
    message: str | None
    ahead: int

    def as_dict(self) -> dict[str, Any]:
        return self._asdict()


def wait_of(system: ActorSystem, actor: PinnedActor) -> Wait | None:
    """What this actor asks now and has no answer to."""
    found = _asking(actor)
    if found is None:
        return None
    future, began = found
    target = future.target
    receiver = None if target is None else system.actor(target)
    message, ahead = None, 0
    if receiver is not None:
        for place, envelope in enumerate(receiver.actor_inbox.waiting()):
            if envelope.reply_to is future:
                message, ahead = type(envelope.message).__name__, place
                break
    return Wait(actor.path, target, None if began is None else round(time.monotonic() - began, 3), message, ahead)


def _asking(actor: PinnedActor) -> tuple[Future, float | None] | None:
    greenlet = actor._greenlet
    frame: FrameType | None = None if greenlet is None else greenlet.gr_frame
    for _ in range(_FRAMES):
        if frame is None:
            return None
        if frame.f_code is _GET:
            seen = frame.f_locals
            future = seen.get("self")
            return (future, seen.get("began")) if isinstance(future, Future) and not future.ready() else None
        frame = frame.f_back
    return None


def waits(system: ActorSystem, pinned: Iterable[PinnedActor]) -> Iterator[Wait]:
    """The questions of these actors."""
    for actor in pinned:
        found = wait_of(system, actor)
        if found is not None:
            yield found


def asked_of(system: ActorSystem, path: str) -> list[Wait]:
    """The questions that wait in the mailbox of the actor at `path`, whoever asked them: `asker` is not known here."""
    actor = system.actor(path)
    if actor is None:
        return []
    return [
        Wait(None, path, None, type(envelope.message).__name__, place)
        for place, envelope in enumerate(actor.actor_inbox.waiting())
        if envelope.reply_to is not None
    ]


def deadlocks(system: ActorSystem, suspects: Iterable[PinnedActor]) -> list[list[Wait]]:
    """Circles of actors that each wait for the next one's answer: nobody in them can go on until a time-out.

    Args:
        suspects: pinned actors with something in their mailboxes; each circle has one at least, because a question
            that closes it waits in the mailbox of somebody who waits.
    """
    found: list[list[Wait]] = []
    seen: set[str] = set()
    for start in suspects:
        chain: dict[str, Wait] = {}
        at: PinnedActor | None = start
        for _ in range(_MOST_HOPS):
            if at is None or at.path in seen or at.path in chain:
                break
            wait = wait_of(system, at)
            if wait is None or wait.target is None:
                at = None
                break
            chain[at.path] = wait
            receiver = system.actor(wait.target)
            at = receiver if isinstance(receiver, PinnedActor) else None
        if at is not None and at.path in chain:
            names = list(chain)
            found.append([chain[name] for name in names[names.index(at.path):]])
        seen.update(chain)
    return found


def stack_of(actor: PinnedActor, depth: int) -> list[str]:
    """Where its greenlet waits, the innermost frame last."""
    frame = None if actor._greenlet is None else actor._greenlet.gr_frame
    return [f"{each.filename}:{each.lineno} {each.name}" for each in inner_frames(frame, depth)]
