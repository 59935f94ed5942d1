"""How Marge logs: structlog for its own words, the standard library's loggers led into the same stream.

Text with colours on a terminal, JSON lines otherwise, to standard error. A level for each logger's name, changeable at
run time. Not here: what is worth logging, and what must be hidden (`marge.redact`).

Our own loggers never pass through `logging`: a call that is filtered out costs well under a microsecond, and no lock
is taken that a native thread and the hub could fight over.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from marge.log_ring import RecentProblems
from marge.redact import redact_secrets

LEVELS: Mapping[str, int] = {
    "critical": 50,
    "fatal": 50,
    "error": 40,
    "warning": 30,
    "warn": 30,
    "info": 20,
    "debug": 10,
    "notset": 0,
}
ROOT = ""
"""The name of the default level."""


class Sink:
    """Where one named logger writes, and from which level on. One a name; shared by all who ask for that name."""

    __slots__ = ("level", "name", "stream")

    def __init__(self, name: str, level: int, stream: TextIO | None) -> None:
        self.name = name
        self.level = level
        self.stream = stream

    def write(self, line: str) -> None:
        """One line, in one write, so that lines of several threads do not mix."""
        stream = self.stream or sys.stderr
        try:
            stream.write(line + "\n")
            stream.flush()
        except (OSError, ValueError):
            # nobody reads standard error any more (a closed pipe); a log line is not worth an actor's life
            return

    debug = info = warning = error = critical = msg = write


class Sinks:
    """The factory that structlog asks for a logger's sink, and the table of levels behind it."""

    def __init__(self, level: int, stream: TextIO | None = None) -> None:
        self._levels: dict[str, int] = {ROOT: level}
        self._sinks: dict[str, Sink] = {}
        self._stream = stream

    def __call__(self, name: str = "marge", *_: object) -> Sink:
        sink = self._sinks.get(name)
        if sink is None:
            sink = self._sinks[name] = Sink(name, self.level_of(name), self._stream)
        return sink

    def reset(self, level: int, stream: TextIO | None) -> None:
        """Forget all levels and write to `stream` from now on."""
        for name in self._levels:
            if name != ROOT:
                logging.getLogger(name).setLevel(logging.NOTSET)
        self._levels = {ROOT: level}
        self._stream = stream
        for sink in self._sinks.values():
            sink.stream = stream
            sink.level = level

    def level_of(self, name: str) -> int:
        """The level of the longest configured prefix: `marge.bridges` also speaks for `marge.bridges.mqtt`."""
        while name:
            if name in self._levels:
                return self._levels[name]
            name = name.rpartition(".")[0]
        return self._levels[ROOT]

    def set_level(self, name: str, level: int) -> None:
        self._levels[name] = level
        for sink in self._sinks.values():
            sink.level = self.level_of(sink.name)
        if name != ROOT:
            logging.getLogger(name).setLevel(level)
        else:
            logging.getLogger().setLevel(level)


class MargeLogger(structlog.BoundLoggerBase):
    """A bound logger whose level is its name's, looked up at each call so that it can change at any time."""

    _logger: Any

    def debug(self, event: str, *args: Any, **values: Any) -> None:
        if self._logger.level <= 10:
            self._proxy_to_logger("debug", event % args if args else event, **values)

    def info(self, event: str, *args: Any, **values: Any) -> None:
        if self._logger.level <= 20:
            self._proxy_to_logger("info", event % args if args else event, **values)

    def warning(self, event: str, *args: Any, **values: Any) -> None:
        if self._logger.level <= 30:
            self._proxy_to_logger("warning", event % args if args else event, **values)

    warn = warning

    def error(self, event: str, *args: Any, **values: Any) -> None:
        if self._logger.level <= 40:
            self._proxy_to_logger("error", event % args if args else event, **values)

    def exception(self, event: str, *args: Any, **values: Any) -> None:
        """An error with the traceback of the exception being handled."""
        values.setdefault("exc_info", True)
        self.error(event, *args, **values)

    def critical(self, event: str, *args: Any, **values: Any) -> None:
        if self._logger.level <= 50:
            self._proxy_to_logger("critical", event % args if args else event, **values)

    fatal = critical

    def is_enabled_for(self, level: int) -> bool:
        return bool(self._logger.level <= level)


def _add_name_and_level(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["level"] = method
    event.setdefault("logger", getattr(logger, "name", "marge"))
    return event


def _to_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    try:
        return orjson.dumps(event, default=repr, option=options).decode()
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        # lone surrogates, numbers past 64 bits, recursion: the line matters more than its types
        return orjson.dumps({str(k): ascii(v)[:2000] for k, v in event.items()}).decode()


def _processors(as_json: bool, colors: bool) -> list[Processor]:
    renderer: Processor = _to_json
    if not as_json:
        renderer = structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback, pad_event_to=40
        )
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        redact_secrets,
        _add_name_and_level,
        structlog.processors.TimeStamper(fmt="iso", utc=as_json, key="timestamp"),
        RecentProblems(),
        renderer,
    ]


class StandardLibraryHandler(logging.Handler):
    """Leads records of the standard library's loggers (paho, peewee, asyncio, …) into our stream."""

    def createLock(self) -> None:  # noqa: N802 (the name is logging's)
        # a lock patched by gevent and taken in a native thread can starve the hub; one write needs none
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event: dict[str, Any] = {}
            if record.exc_info:
                event["exc_info"] = record.exc_info
            logger: MargeLogger = structlog.get_logger(record.name)
            method = next((name for name, level in _BY_LEVEL if record.levelno >= level), "debug")
            getattr(logger, method)(record.getMessage(), **event)
        except Exception:  # noqa: BLE001 - the border: what a library logs may not hurt the library's caller
            self.handleError(record)


_BY_LEVEL = (("critical", 50), ("error", 40), ("warning", 30), ("info", 20))


def configure(
    level: str = "info",
    log_format: str = "auto",
    levels: Mapping[str, str] | None = None,
    stream: TextIO | None = None,
    cache: bool = True,
) -> None:
    """Set logging up for this process. A second call changes the first one's loggers too, wherever they are held.

    Args:
        level: the default, a key of `LEVELS`.
        log_format: `"text"`, `"json"`, or `"auto"`: text on a terminal.
        levels: by logger name, for example `{"marge.bridges": "debug", "paho": "error"}`.
        stream: standard error (looked up at each line) unless a test says otherwise.
        cache: loggers keep what they were made of at their first line. Cheaper, and cannot be undone (tests).
    """
    terminal = bool(getattr(stream or sys.stderr, "isatty", bool)())
    as_json = log_format == "json" or (log_format == "auto" and not terminal)
    before = structlog.get_config()
    processors = _processors(as_json, colors=terminal)
    if isinstance(before["logger_factory"], Sinks):
        # loggers that were used hold this very list and these very sinks
        sinks = before["logger_factory"]
        sinks.reset(LEVELS[level], stream)
        before["processors"][:] = processors
        processors = before["processors"]
    else:
        sinks = Sinks(LEVELS[level], stream)
    structlog.configure(
        processors=processors,
        wrapper_class=MargeLogger,
        context_class=dict,
        logger_factory=sinks,
        cache_logger_on_first_use=cache,
    )
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, StandardLibraryHandler)]:
        root.removeHandler(handler)
    root.addHandler(StandardLibraryHandler())
    sinks.set_level(ROOT, LEVELS[level])
    for name, word in (levels or {}).items():
        for ours in _our_names(name):
            sinks.set_level(ours, LEVELS[word])


def set_level(name: str, level: str) -> None:
    """Change the level of one logger and of what is named below it, now.

    Args:
        name: `""` for the default. HA's names (`homeassistant.components.mqtt`) mean their counterpart here.
        level: a key of `LEVELS`.

    Raises:
        KeyError: no such level.
    """
    factory = structlog.get_config()["logger_factory"]
    if isinstance(factory, Sinks):
        for ours in _our_names(name):
            factory.set_level(ours, LEVELS[level.lower()])


def get_level(name: str = ROOT) -> int:
    """The level in force for a logger's name, as the number the standard library uses."""
    factory = structlog.get_config()["logger_factory"]
    return factory.level_of(_our_names(name)[0]) if isinstance(factory, Sinks) else LEVELS["info"]


_HA_NAMES = {
    "homeassistant.core": "marge.actors",
    "homeassistant.components.mqtt": "marge.bridges",
    "homeassistant.components.automation": "marge.automations",
    "homeassistant.components.script": "marge.automations",
    "homeassistant.components.recorder": "marge.recorder",
    "homeassistant.components.http": "marge.http",
    "homeassistant.components.websocket_api": "marge.http",
    "homeassistant.components": "marge",
    "homeassistant": "marge",
}


_COMPONENTS = "homeassistant.components"


def _our_names(name: str) -> tuple[str, ...]:
    """HA's `logger:` section names HA's modules; a user's file should mean the same here. Of an integration: all
    loggers that speak for it."""
    for theirs, ours in _HA_NAMES.items():
        if theirs == _COMPONENTS and name.startswith(_COMPONENTS + "."):
            component = name.removeprefix(_COMPONENTS + ".").partition(".")[0]
            return tuple(f"marge.{part}.{component}" for part in ("domains", "integrations", "bridges"))
        if name == theirs or name.startswith(theirs + "."):
            return (ours,)
    return (name,)


def exception_text(info: ExcInfo) -> str:
    """A traceback as text, for reports that are not log lines."""
    return "".join(structlog.processors.ExceptionRenderer()(None, "error", {"exc_info": info})["exception"])
