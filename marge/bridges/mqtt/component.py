"""What a component of MQTT discovery is, and how components are found. Not here: any particular one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marge.util.parts import Report, find_parts

if TYPE_CHECKING:
    from marge.bridges.mqtt.entity import MqttEntity
    from marge.bridges.mqtt.mapping import Mapping as EntityMapping


@dataclass(frozen=True, slots=True)
class Component:
    """One component (`light`, `switch`, …), or one of its schemas.

    Attributes:
        name: as in the discovery topic; also the domain of its entities.
        schema: validates a configuration with long keys; raises `vol.Invalid`.
        entity: the class of its entities, which live in their own actors and take commands.
        mapping: the class of its mappings, which live in the bridge and read payloads.
        default_name: what an entity without a name and a device class is called.
    """

    name: str
    schema: Callable[[Any], dict[str, Any]]
    entity: type[MqttEntity]
    mapping: type[EntityMapping]
    default_name: str


def load_components(report: Report | None = None) -> dict[str, Callable[[Mapping[str, Any]], Component]]:
    """All components by name: a function from a configuration to the component that reads it. `report` hears of those
    that cannot be imported. Lets others in: not on the shared dispatcher.

    A module of `components` exposes `COMPONENT`, or `select(config) -> Component` when it has several schemas.
    """
    found: dict[str, Callable[[Mapping[str, Any]], Component]] = {}
    for name, module in find_parts("marge.bridges.mqtt.components", report, breathe=True):
        select = getattr(module, "select", None)
        if select is not None:
            found[name] = select
        elif isinstance(getattr(module, "COMPONENT", None), Component):
            component: Component = module.COMPONENT
            found[name] = _always(component)
    return found


def _always(component: Component) -> Callable[[Mapping[str, Any]], Component]:
    return lambda _config: component
