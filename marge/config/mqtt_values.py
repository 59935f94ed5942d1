"""Readers for what `marge: mqtt:` and `marge: bridges:` hold: users with their topics, bridges that are programs.

As in `marge.config.values`: each takes the raw value and gives the typed one, or raises `ValueError` ("wants …").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from marge.config import values

_USER = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_BRIDGE = re.compile(r"[a-z0-9_]{1,32}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED_USER = "marge"
"""Marge's own account at the broker that it starts."""
RESERVED_BRIDGES = frozenset({"broker", "mqtt", "simulator", "demo"})


@dataclass(frozen=True, slots=True)
class MqttUser:
    """An account at the broker that Marge starts. `publish`, `subscribe`: topic filters; None: everything."""

    name: str
    password: str = field(repr=False)
    publish: tuple[str, ...] | None = None
    subscribe: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BridgeProgram:
    """A bridge that is a program of its own.

    Attributes:
        command: program and arguments; no shell.
        environment: added to a small environment. directory: where it runs, None: its own below `.marge/bridges/`.
        memory_mb, descriptors: limits that the kernel keeps. log_mb: of its log file, of which two are kept.
        publish, subscribe: topics beyond its own.
        username, password: its account at an external broker; Marge's own counts there when it has none.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    directory: str | None = None
    memory_mb: int = 256
    descriptors: int = 256
    log_mb: int = 2
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def topic_filter(value: object) -> str:
    """One topic filter that may stand in a list of rights."""
    text = values.text(value)
    levels = text.split("/")
    wrong = any(("#" in level and (level != "#" or index != len(levels) - 1)) or ("+" in level and level != "+")
                for index, level in enumerate(levels))  # fmt: skip
    if wrong or len(text) > 1_000 or any(char < " " for char in text) or text != text.strip():
        raise ValueError(f"topic filters, which {text[:60]!r} is not")
    return text


def topic_filters(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ValueError("a list of topic filters")
    return tuple(topic_filter(item) for item in items)


def mqtt_users(value: object) -> tuple[MqttUser, ...]:
    """`{name: password}` or `{name: {password:, publish:, subscribe:}}`."""
    if not isinstance(value, dict):
        raise ValueError("a mapping from names to passwords, or to `password`, `publish` and `subscribe`")
    return tuple(_user(str(name), each) for name, each in value.items())


def _user(name: str, value: object) -> MqttUser:
    if not _USER.fullmatch(name):
        raise ValueError(f"user names of 1 to 64 letters, digits and _ . @ -, which {name[:60]!r} is not")
    if name == RESERVED_USER or name.startswith(f"{RESERVED_USER}-"):
        raise ValueError(f"other user names than `{name}`: `marge` and `marge-…` are Marge's own")
    if not isinstance(value, dict):
        return MqttUser(name, _password(name, value))
    _only(value, {"password", "publish", "subscribe"}, f"the user `{name}`")
    return MqttUser(
        name,
        _password(name, value.get("password")),
        topic_filters(value["publish"]) if value.get("publish") is not None else None,
        topic_filters(value["subscribe"]) if value.get("subscribe") is not None else None,
    )


def _password(name: str, value: object) -> str:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text or len(text) > 1_000:
        raise ValueError(f"a password for `{name}`, best as `!secret`")
    return text


def bridge_programs(value: object) -> tuple[BridgeProgram, ...]:
    """`{name: {command: […], …}}`."""
    if not isinstance(value, dict):
        raise ValueError("a mapping from names to bridges with a `command`")
    return tuple(_bridge(str(name), each) for name, each in value.items())


def _bridge(name: str, value: object) -> BridgeProgram:
    where = f"the bridge `{name}`"
    if not _BRIDGE.fullmatch(name) or name in RESERVED_BRIDGES:
        reserved = ", ".join(sorted(RESERVED_BRIDGES))
        raise ValueError(f"bridges' names of 1 to 32 of a-z 0-9 _ (but not {reserved}), which {name[:40]!r} is not")
    if not isinstance(value, dict):
        raise ValueError(f"a mapping with `command` for {where}")
    known = {"command", "environment", "directory", "memory_mb", "descriptors", "log_mb", "publish", "subscribe",
             "username", "password"}  # fmt: skip
    _only(value, known, where)
    command = value.get("command")
    if isinstance(command, str):
        command = command.split()
    if not isinstance(command, list) or not command:
        raise ValueError(f"`command`, a list of program and arguments, for {where}")
    return BridgeProgram(
        name,
        tuple(_word(part, where) for part in command),
        _environment(value.get("environment"), where),
        values.text(value["directory"]) if value.get("directory") is not None else None,
        _number(value, "memory_mb", 256, 16, 65_536, where),
        _number(value, "descriptors", 256, 16, 65_536, where),
        _number(value, "log_mb", 2, 1, 1_000, where),
        topic_filters(value["publish"]) if value.get("publish") is not None else (),
        topic_filters(value["subscribe"]) if value.get("subscribe") is not None else (),
        values.text(value["username"]) if value.get("username") is not None else None,
        _password(name, value["password"]) if value.get("password") is not None else None,
    )


def _word(part: object, where: str) -> str:
    if isinstance(part, bool) or not isinstance(part, str | int | float) or "\0" in str(part):
        raise ValueError(f"texts in `command` of {where}")
    return str(part)


def _environment(value: object, where: str) -> Mapping[str, str]:
    if value is None:
        return MappingProxyType({})
    if not isinstance(value, dict):
        raise ValueError(f"a mapping of variables as `environment` of {where}")
    found = {}
    for name, each in value.items():
        if not _VARIABLE.fullmatch(str(name)) or str(name).startswith("MARGE_"):
            raise ValueError(f"other variables' names than {str(name)[:40]!r} in {where}")
        if isinstance(each, bool):
            each = str(each).lower()
        if not isinstance(each, str | int | float) or "\0" in str(each):
            raise ValueError(f"a text as the value of `{name}` in {where}")
        found[str(name)] = str(each)
    return MappingProxyType(found)


def _number(value: Mapping[str, object], key: str, default: int, least: int, most: int, where: str) -> int:
    given = value.get(key)
    if given is None:
        return default
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise ValueError(f"a number from {least} to {most} as `{key}` of {where}")
    return given


def _only(value: Mapping[object, object], known: set[str], where: str) -> None:
    for key in value:
        if str(key) not in known:
            raise ValueError(f"only {', '.join(sorted(known))} for {where}, and not `{str(key)[:40]}`")


def mirror(value: object) -> tuple[str, ...]:
    """`true` is everything, a list names domains and entity ids, `false` nothing."""
    if isinstance(value, bool) or (isinstance(value, str) and value.strip().lower() in ("true", "false", "on", "off")):
        return ("*",) if values.boolean(value) else ()
    try:
        return values.texts(value)
    except ValueError:
        raise ValueError("true, false, or a list of domains and entity ids") from None


def whole_seconds(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole seconds between both."""

    def read(value: object) -> int:
        number = int(value) if isinstance(value, int | str) and str(value).strip().isdigit() else -1
        if isinstance(value, bool) or not least <= number <= most:
            raise ValueError(f"whole seconds from {least} to {most}")
        return number

    return read
