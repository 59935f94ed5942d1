"""Which entities a sentence means: by name, area, floor, kind. Reads snapshots and registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the entities have to be; None and empty: anything."""

    name: str | None = None
    area: str | None = None
    floor: str | None = None
    domains: Sequence[str] = ()
    device_classes: Sequence[str] = ()
    states: Sequence[str] = ()

    @property
    def is_anything(self) -> bool:
        return not (self.name or self.area or self.floor or self.domains or self.device_classes)


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a floor that was named."""

    kind: str
    id: str
    name: str


@dataclass(slots=True)
class Found:
    """What was found.

    Attributes:
        missing: `name`, `area`, `floor`, `domain`, `device_class`, `state`: why there is nothing; None if there is.
    """

    states: list[State] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    missing: str | None = None


def plain(text: str) -> str:
    """For comparing names."""
    return " ".join(text.casefold().split())


class Names:
    """Entities by what they are called, for the many questions that one sentence asks. Made when first asked."""

    def __init__(self, home: Home, bare: Callable[[str], str]) -> None:
        self._home = home
        self._bare = bare
        self._by_name: dict[str, list[State]] | None = None

    def called(self, name: str) -> list[State]:
        """Those of this name or alias, in the order of the state table. Waits for others in a large home."""
        if self._by_name is None:
            made: dict[str, list[State]] = {}
            registry = self._home.registries.entities
            for state in in_turns(self._home.states.all()):
                entry = registry.get(state.entity_id)
                aliases = () if entry is None else entry.aliases
                for each in dict.fromkeys(self._bare(known) for known in (state.name, *aliases)):
                    made.setdefault(each, []).append(state)
            self._by_name = made
        return self._by_name.get(self._bare(name), [])


def find(
    home: Home,
    wanted: Wanted,
    is_visible: Callable[[str], bool],
    bare: Callable[[str], str] = plain,
    names: Names | None = None,
) -> Found:
    """The entities meant, in the order of the state table. Waits for others in a large home: not in an actor's turn.

    Args:
        is_visible: whether the entity may be found at all.
        bare: makes names comparable.
        names: what is called how, when more such questions follow.
    """
    found = Found()
    ids: set[str] | None = None
    if wanted.area is not None or wanted.floor is not None:
        place = _place(home, wanted, bare)
        if place is None:
            return Found(missing="area" if wanted.area is not None else "floor")
        found.places.append(place)
        areas, floors = ([place.id], []) if place.kind == "area" else ([], [place.id])
        ids = home.registries.expand([], areas, floors, [])
    states: Iterable[State]
    if names is not None and wanted.name is not None and ids is None:
        states = names.called(wanted.name)
    else:
        states = _candidates(home, wanted, ids)
    name = None if wanted.name is None else bare(wanted.name)
    chosen = [
        state
        for state in in_turns(states)
        if (name is None or _is_called(home, state, wanted.name or "", name, bare)) and is_visible(state.entity_id)
    ]
    for missing, test in (
        ("name" if name is not None else "area", lambda _state: True),
        ("domain", lambda state: not wanted.domains or state.domain in wanted.domains),
        (
            "device_class",
            lambda state: not wanted.device_classes
            or state.attributes.get("device_class") in wanted.device_classes,
        ),
        ("state", lambda state: not wanted.states or state.state in wanted.states),
    ):
        chosen = [state for state in chosen if test(state)]
        if not chosen:
            found.missing = missing
            return found
    found.states = chosen
    return found


def _candidates(home: Home, wanted: Wanted, ids: set[str] | None) -> list[State]:
    if ids is None and wanted.name is not None and wanted.name in home.states:
        state = home.states.get(wanted.name)  # named by its entity id: nothing else can be meant
        return [] if state is None else [state]
    if ids is None and wanted.domains and wanted.name is None:
        return [state for domain in wanted.domains for state in home.states.domain(domain)]
    if ids is None:
        return home.states.all()
    got = (home.states.get(each) for each in sorted(ids))
    return [state for state in got if state is not None]


def _is_called(home: Home, state: State, said: str, name: str, bare: Callable[[str], str]) -> bool:
    if state.entity_id == said or bare(state.name) == name:
        return True
    entry = home.registries.entities.get(state.entity_id)
    return entry is not None and any(bare(alias) == name for alias in entry.aliases)


def _place(home: Home, wanted: Wanted, bare: Callable[[str], str]) -> Place | None:
    registries = home.registries
    if wanted.area is not None:
        said = wanted.area
        for area in registries.areas.all():
            if said == area.area_id or bare(said) in (bare(each) for each in (area.name, *area.aliases)):
                return Place("area", area.area_id, area.name)
        return None
    said = wanted.floor or ""
    for floor in registries.floors.all():
        if said == floor.floor_id or bare(said) in (bare(each) for each in (floor.name, *floor.aliases)):
            return Place("floor", floor.floor_id, floor.name)
    return None


def texts(value: Any) -> tuple[str, ...]:
    """A slot that holds one text or several."""
    if value is None:
        return ()
    values = value if isinstance(value, (list, tuple)) else [value]
    return tuple(str(each) for each in values)
