"""What a domain is: its services, the base class of its owned entities, and how its virtual entities behave.

Not here: any particular domain. Each lives in a module of `marge.domains` that exposes `DOMAIN`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from marge.model import State
from marge.util.parts import Report, find_parts

if TYPE_CHECKING:
    from marge.entities.entity import Entity

SupportsResponse = Literal["none", "optional", "only"]

VirtualBehaviour = Callable[[str, State | None, Mapping[str, Any]], "tuple[str, dict[str, Any]] | None"]
"""`(service, state, data) -> (new state, attributes to add or replace)`, or None: the domain has no such service."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a domain's entities.

    Attributes:
        method: the entity's command method; called with the validated data as keywords.
        schema: voluptuous dict for the data, without the target's keys; or a callable that takes such a dict of all
            data (keys of the target included) and returns it validated.
        features: bits of `supported_features` that the entity must have: all bits of one number, any of a list.
        description, fields: what `GET /api/services` shows; selectors are data.
        name: short name for people.
        target: selector of the entities, where it says more than their domain.
    """

    method: str
    schema: Mapping[Any, Any] | Callable[[Any], Any] = field(default_factory=dict)
    features: int | tuple[int, ...] = 0
    description: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    supports_response: SupportsResponse = "none"
    name: str = ""
    target: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of entity.

    Attributes:
        name: the part before the dot.
        services: by name.
        entity: base class of the domain's owned entities, if there can be any.
        virtual: what services do to a virtual entity; None: only turn_on, turn_off and toggle mean something.
        setup: called once at start with the home and the domain's part of the configuration (None when absent).
        config_schema: voluptuous schema of that part.
    """

    name: str
    services: Mapping[str, Service] = field(default_factory=dict)
    entity: type[Entity] | None = None
    virtual: VirtualBehaviour | None = None
    setup: Callable[[Any, Any], None] | None = None
    config_schema: Any = None


def load_domains(report: Report | None = None) -> dict[str, Domain]:
    """All domains, by name: every public module of `marge.domains` that exposes `DOMAIN`. `report` hears of those that
    cannot be imported."""
    found: dict[str, Domain] = {}
    for _name, module in find_parts("marge.domains", report):
        domain = getattr(module, "DOMAIN", None)
        if isinstance(domain, Domain):
            found[domain.name] = domain
    return found


def virtual_default(service: str, state: State | None) -> tuple[str, dict[str, Any]] | None:
    """What turn_on, turn_off and toggle do to a virtual entity whose domain says nothing else."""
    if service == "turn_on":
        return "on", {}
    if service == "turn_off":
        return "off", {}
    if service == "toggle":
        return ("off" if state is not None and state.state == "on" else "on"), {}
    return None
