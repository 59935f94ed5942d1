"""`logger`: levels of the log, changed at run time; those that shall stay are kept. Not here: the log itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._catalog import fields_of
from marge.entities import Domain
from marge.log import LEVELS, get_level, set_level
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.logger")

SHARED = KEY = "logger"
CHANGED = "logging_changed"
WORDS = ("CRITICAL", "DEBUG", "ERROR", "FATAL", "INFO", "NOTSET", "WARN", "WARNING")
MAX_KEPT = 1_000


def level_word(value: Any) -> str:
    """voluptuous validator: a level, in whatever case; upper case comes out."""
    word = value.upper() if isinstance(value, str) else value
    if word not in WORDS:
        raise vol.Invalid(f"value must be one of {sorted(WORDS)}")
    return str(word)


class Levels:
    """The levels that were set at run time, in `home.shared["logger"]`.

    A level is kept for one more start (`once`), for good (`permanent`) or not at all (`none`).
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept: dict[str, dict[str, str]] = home.storage.load(KEY) or {}
        for name, kept in self._kept.items():
            set_level(name, kept["level"])
        lasting = {name: kept for name, kept in self._kept.items() if kept["persistence"] == "permanent"}
        if lasting != self._kept:
            self._kept = lasting
            home.storage.save(KEY, lasting)

    def set(self, name: str, level: str, persistence: str = "none") -> None:
        """Set one logger's level now, keep it if wanted, and tell everybody."""
        set_level(name, self._default() if level == "NOTSET" else level)
        before = dict(self._kept)
        if persistence == "none" or level == "NOTSET":
            self._kept.pop(name, None)
        elif len(self._kept) < MAX_KEPT or name in self._kept:
            self._kept[name] = {"level": level, "persistence": persistence}
        if self._kept != before:
            self._home.storage.save(KEY, dict(self._kept))
        self._home.bus.publish(Event(CHANGED, {}, Context.new(), self._home.clock.now()))

    @staticmethod
    def _default() -> str:
        number = get_level()
        return next(word for word, value in LEVELS.items() if value == number).upper()


def logger_of(integration: str) -> str:
    """The name of an integration's logger, as HA has it."""
    return f"homeassistant.components.{integration}"


def levels_of(home: Home) -> Levels:
    """The home's levels."""
    found: Levels = home.shared[SHARED]
    return found


def _setup(home: Home, _section: Any) -> None:
    levels = home.shared[SHARED] = Levels(home)

    def set_levels(call: ServiceCall) -> None:
        for name, level in call.data.items():
            levels.set(name, level)

    def set_default(call: ServiceCall) -> None:
        levels.set("", call.data["level"])

    home.services.register(
        "logger", "set_level", set_levels, vol.Schema({str: level_word}),
        description="Sets the level of loggers, by their names.", fields=fields_of("logger", "set_level"),
    )  # fmt: skip
    home.services.register(
        "logger", "set_default_level", set_default, {vol.Required("level"): level_word},
        description="Sets the level of all loggers that have none of their own.",
        fields=fields_of("logger", "set_default_level"),
    )  # fmt: skip


DOMAIN = Domain("logger", setup=_setup)
