"""`system_log`: services that write a line to the log and forget what it gathered; each problem as an event, if wanted.

Not here: what is gathered (`marge.log_ring`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import native
from marge.domains._catalog import fields_of
from marge.domains._validators import boolean, string
from marge.entities import Domain
from marge.log_ring import Problem, ring_in_use
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

EVENT = "system_log_event"
_LEVELS = ("critical", "debug", "error", "info", "warning")


def _level(value: Any) -> str:
    if value not in _LEVELS:
        raise vol.Invalid(f"value must be one of {sorted(_LEVELS)}")
    return str(value)


CONFIG_SCHEMA = vol.Schema(
    {vol.Optional("fire_event", default=False): boolean, vol.Optional("max_entries"): vol.All(int, vol.Range(min=1))}
)


def _write(call: ServiceCall) -> None:
    logger = structlog.get_logger(call.data.get("logger", "marge.system_log.external"))
    getattr(logger, call.data["level"])(call.data["message"])


def _clear(_call: ServiceCall) -> None:
    ring = ring_in_use()
    if ring is not None:
        ring.clear()


def _fire_events(home: Home) -> None:
    """Each problem becomes an event; they may be logged in any thread, so they come in by an inlet."""

    def fire(problem: dict[str, Any]) -> None:
        home.bus.publish(Event(EVENT, problem, Context.new(), home.clock.now()))

    ring = ring_in_use()
    if ring is None:
        return
    inlet = native.Inlet(fire)

    def told(problem: Problem) -> None:
        inlet.send(problem.as_dict())

    ring.listener = told


def _setup(home: Home, section: Any) -> None:
    register = home.services.register
    register(
        "system_log", "write", _write,
        {
            vol.Required("message"): string,
            vol.Optional("level", default="error"): _level,
            vol.Optional("logger"): string,
        },
        description="Writes a line to the log.", fields=fields_of("system_log", "write"),
    )  # fmt: skip
    register("system_log", "clear", _clear, {}, description="Forgets the problems that were gathered.")
    if isinstance(section, Mapping) and section.get("fire_event") is True:
        _fire_events(home)


DOMAIN = Domain("system_log", setup=_setup, config_schema=CONFIG_SCHEMA)
