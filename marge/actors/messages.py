"""Messages between the runtime, supervisors and their children. No behaviour here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from marge.actors.runtime import ActorRef
    from marge.actors.supervisor import ChildSpec


class ChildStarted(NamedTuple):
    """The system made a child of this supervisor. Told to the supervisor by the system."""

    spec: ChildSpec
    ref: ActorRef


class ChildReady(NamedTuple):
    """A child's `on_start` has returned."""

    name: str
    ref: ActorRef


class ChildEnded(NamedTuple):
    """A child is gone.

    `reason` is None after an orderly stop, else the exception; `message` is the text of what it was handling.
    """

    name: str
    ref: ActorRef
    reason: BaseException | None
    message: str | None


class RestartChild(NamedTuple):
    """An operator wants this child anew, whatever its state. Reply: whether there is such a child."""

    name: str


class HoldChild(NamedTuple):
    """Stop this child and keep it stopped until an operator restarts it. Reply: whether there is such a child."""

    name: str


class StopChild(NamedTuple):
    """Stop this child and forget it. Reply: whether there is such a child."""

    name: str


class BackoffElapsed(NamedTuple):
    """The pause before a child's restart is over."""

    name: str
    attempt: int


class ShutdownElapsed(NamedTuple):
    """A child had its time to stop."""

    ref: ActorRef


class SettledDown(NamedTuple):
    """A restarted child has run long enough for its restarts to be forgotten."""

    name: str
    ref: ActorRef
