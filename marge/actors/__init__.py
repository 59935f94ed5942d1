"""Actors: runtime, mailboxes, supervisors, clock, bus. Knows nothing of homes."""

from marge.actors import native
from marge.actors.bus import EventBus, Subscription
from marge.actors.clock import CLOCK_SET, Clock, SimulatedClock, Timer, WallClock
from marge.actors.deadletters import DeadLetter, DeadLetters
from marge.actors.future import Future
from marge.actors.mailbox import Mailbox, Overflow
from marge.actors.messages import RestartChild, StopChild
from marge.actors.native import Inlet, Lane
from marge.actors.runtime import Actor, ActorKilled, ActorRef, PinnedActor
from marge.actors.supervisor import (
    Backoff,
    ChildSpec,
    Intensity,
    Restart,
    Strategy,
    Supervisor,
    SupervisorGaveUp,
)
from marge.actors.system import ActorSystem, join, split

__all__ = [
    "CLOCK_SET", "Actor", "ActorKilled", "ActorRef", "ActorSystem", "Backoff", "ChildSpec", "Clock", "DeadLetter",
    "DeadLetters", "EventBus", "Future", "Inlet", "Intensity", "Lane", "Mailbox", "Overflow", "PinnedActor", "Restart",
    "RestartChild", "SimulatedClock", "StopChild", "Strategy", "Subscription", "Supervisor", "SupervisorGaveUp",
    "Timer", "WallClock", "join", "native", "split",
]
