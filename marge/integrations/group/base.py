"""What all group entities share: members that are followed, and commands that are passed on to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from marge.actors import Future, Subscription
from marge.domains.calendar import answered
from marge.entities import Entity, Report
from marge.model import STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN, Event, State

if TYPE_CHECKING:
    from marge.home import Home

T = TypeVar("T")
_NO_VALUE = (STATE_UNKNOWN, STATE_UNAVAILABLE)


class MemberGroup(Entity):
    """An entity that stands for several of its kind. Subclasses work out their fields in `sum_up(states)`.

    Attributes:
        members: entity ids, as they were chosen. conf: the entry's options.
    """

    member_domains: ClassVar[tuple[str, ...]] = ()
    group_icon: ClassVar[str | None] = None
    _subscriptions: tuple[Subscription, ...] = ()

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        self.home = home
        self.conf = conf
        self.name = str(conf["name"])
        self.icon = self.group_icon
        self.members: tuple[str, ...] = tuple(dict.fromkeys(self._id_of(each) for each in conf["entities"]))
        self.refresh()

    def _id_of(self, chosen: str) -> str:
        entry = self.home.registries.entities.by_registry_id(chosen)
        return chosen if entry is None else entry.entity_id

    # -- following ---------------------------------------------------------------------------------------------------

    def states(self) -> list[State]:
        """The members that exist."""
        found = (self.home.states.find(each) for each in self.members)
        return [state for state in found if state is not None]

    def refresh(self) -> None:
        """Work everything out from the members as they are now."""
        states = self.states()
        self.available = any(state.state != STATE_UNAVAILABLE for state in states)
        self.sum_up(states)
        self.extra_attributes = {**self.more_attributes(), "entity_id": list(self.members)}

    def sum_up(self, states: Sequence[State]) -> None:
        """Set the fields."""
        raise NotImplementedError

    def more_attributes(self) -> dict[str, Any]:
        """Attributes beside those of the domain and the list of members."""
        return {}

    def on_add(self) -> None:
        if not self._subscriptions:
            bus = self.home.bus
            self._subscriptions = tuple(
                bus.subscribe(self._changed, STATE_CHANGED, self.home.states.current_id(each), follows=each)
                for each in self.members
            )
        self.refresh()

    def on_remove(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        self._subscriptions = ()

    def _changed(self, event: Event) -> None:
        """Called by the bus; the rest happens in this entity's turn, under the context of the member's change."""
        if self.actor is not None:
            path = f"{self.home.entities.path}/{self.entity_id}"
            self.home.system.tell(path, Report({"member": event}, event.context))

    def apply(self, values: Mapping[str, Any]) -> None:
        if "member" in values:
            self.member_changed(values["member"])
            self.refresh()
        else:
            super().apply(values)

    def member_changed(self, event: Event) -> None:
        """A member has changed; `refresh` follows."""

    # -- passing on --------------------------------------------------------------------------------------------------

    def pass_on(self, service: str, data: Mapping[str, Any] | None = None, supporting: int = 0) -> Future | None:
        """Call a service of the domain for all members, or for those with all these features."""
        wanted = [self.home.states.current_id(each) for each in self.members]
        if supporting:
            wanted = [each for each in wanted if features_of(self.home.states.get(each)) & supporting == supporting]
        if not wanted:
            return None
        context, domain = self.context, self.domain
        call = {"entity_id": wanted, **(data or {})}

        def run() -> None:
            self.home.services.call(domain, service, call, context=context)

        return answered(run)


def features_of(state: State | None) -> int:
    found = 0 if state is None else state.attributes.get("supported_features", 0)
    return found if isinstance(found, int) else 0


def has_value(state: State) -> bool:
    return state.state not in _NO_VALUE


def values_of(states: Iterable[State], attribute: str) -> list[Any]:
    """The values of an attribute, where there is one."""
    return [value for state in states if (value := state.attributes.get(attribute)) is not None]


def mean(values: Sequence[float]) -> int | None:
    """The whole part of the mean."""
    return int(sum(values) / len(values)) if values else None


def most_common(values: Sequence[T]) -> T | None:
    """The value that occurs most often; of several the first."""
    return max(values, key=values.count, default=None)


def any_or_all(needs_all: bool) -> Callable[[Iterable[object]], bool]:
    return all if needs_all else any
