"""What all automations, scripts and scenes of a home share: figures, the maker of tracers. Kept in `home.shared`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gevent.lock import RLock

from marge.automations.chains import Chains
from marge.automations.tracing import Tracer
from marge.util.breathe import Turns

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Context

KEY = "automations"

TracerMaker = Callable[["Home", str, "Context"], Tracer]


def forgetful(_home: Home, _entity_id: str, _context: Context) -> Tracer:
    """No traces are kept."""
    return Tracer()


class Automations:
    """One a home, at `home.shared["automations"]`.

    Attributes:
        started: the home has started, so triggers are attached; before, every state is news and would fire them.
        loading: held while a section is loaded.
        editing: held while one of the files is changed.
        total_runs: runs of all automations since start, forced ones included.
        chains: how many runs have followed from one another.
        turns: for runs that go on and on without waiting.
        new_tracer: makes the tracer of each run; replace it to keep traces.
        automations, scripts, scenes: what is loaded by its key, see `marge.automations.loading`.
    """

    def __init__(self) -> None:
        self.total_runs = 0
        self.started = False
        self.loading = RLock()
        self.editing = RLock()
        self.waits_for_start = False
        self.turns = Turns()
        self.chains = Chains()
        self.new_tracer: TracerMaker = forgetful
        self.automations: dict[str, Any] = {}
        self.scripts: dict[str, Any] = {}
        self.scenes: dict[str, Any] = {}


def shared_of(home: Home) -> Automations:
    """The home's record; made on first use."""
    found = home.shared.get(KEY)
    if found is None:
        found = home.shared[KEY] = Automations()
    record: Automations = found
    return record
