"""What all group entities share: members that are followed, and commands that are passed on to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from marge.actors import Future
from marge.domains.calendar import answered
from marge.integrations._following import FollowingEntity
from marge.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State

if TYPE_CHECKING:
    from marge.home import Home

T = TypeVar("T")
_NO_VALUE = (STATE_UNKNOWN, STATE_UNAVAILABLE)


class MemberGroup(FollowingEntity):
    """An entity that stands for several of its kind. Subclasses work out their fields in `sum_up(states)`.

    Attributes:
        members: entity ids, as they were chosen.
    """

    member_domains: ClassVar[tuple[str, ...]] = ()
    group_icon: ClassVar[str | None] = None

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.icon = self.group_icon
        self.follow(*conf["entities"])
        self.refresh()

    @property
    def members(self) -> tuple[str, ...]:
        return self.followed

    def states(self) -> list[State]:
        """The members that exist."""
        found = (self.home.states.find(each) for each in self.members)
        return [state for state in found if state is not None]

    def refresh(self) -> None:
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
