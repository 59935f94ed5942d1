"""Readers for single values: from YAML's types or an environment variable's text to what the settings hold.

Each takes the raw value and gives the typed one, or raises `ValueError` whose text completes "wants …".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_HOST = re.compile(r"^[A-Za-z0-9._:-]{1,253}\Z")
_BASE_TOPIC = re.compile(r"^[^/+#$\x00-\x1f][^+#\x00-\x1f]{0,198}(?<!/)\Z")
LOG_LEVELS = ("critical", "error", "warning", "info", "debug", "notset")
_LEVEL_SYNONYMS = {"fatal": "critical", "warn": "warning"}


def text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    return value


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("true or false")


def port(value: object) -> int:
    number = _integer(value)
    if number is None or not 1 <= number <= 65535:
        raise ValueError("a port number from 1 to 65535")
    return number


def days(value: object) -> int:
    number = _integer(value)
    if number is None or not 0 <= number <= 36_500:
        raise ValueError("a number of days from 0 (keep everything) to 36500")
    return number


def attempts(value: object) -> int:
    number = _integer(value)
    if number is None or not -1 <= number <= 1_000_000:
        raise ValueError("a number of attempts, or -1 for no limit")
    return number


def seconds(value: object) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
    except ValueError:
        number = -1.0
    if not 0.05 <= number <= 3600:
        raise ValueError("seconds from 0.05 to 3600")
    return number


def host(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str) or not _HOST.match(value):
        raise ValueError("one host name or address")
    return value


def websocket_url(value: object) -> str:
    return _url(value, ("ws", "wss"), "an address like ws://localhost:5580/ws")


def http_url(value: object) -> str:
    return _url(value, ("http", "https"), "an address like https://example.org/forecast")


def _url(value: object, schemes: tuple[str, ...], wants: str) -> str:
    try:
        parts = urlsplit(text(value))
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        good = False
    if not good:
        raise ValueError(wants)
    return text(value)


def path(value: object) -> Path:
    return Path(text(value)).expanduser()


def postgres_url(value: object) -> str:
    """The address of the history's database; the drivers that HA's users name in it are all one to us."""
    scheme, _, rest = text(value).partition("://")
    kind = scheme.partition("+")[0].lower()
    if kind in ("postgresql", "postgres") and rest:
        return f"postgresql://{rest}"
    if kind == "sqlite":
        raise ValueError("an address that begins with postgresql://; without one the history is in Marge's own file")
    raise ValueError("an address that begins with postgresql:// (other databases are not supported)")


def texts(value: object) -> tuple[str, ...]:
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise ValueError("a list of texts")
    return tuple(items)


def base_topics(value: object) -> tuple[str, ...]:
    """Base topics of MQTT gateways: texts, or mappings with `base_topic`."""
    items = value if isinstance(value, list) else [value]
    found = [item.get("base_topic") if isinstance(item, dict) and len(item) == 1 else item for item in items]
    if not all(isinstance(item, str) and _BASE_TOPIC.match(item) for item in found):
        raise ValueError("a list of base topics, such as zigbee2mqtt, without wildcards and outer slashes")
    return tuple(str(item) for item in found)


def log_level(value: object) -> str:
    word = str(value).strip().lower()
    word = _LEVEL_SYNONYMS.get(word, word)
    if word not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)}")
    return word


def one_of(*words: str, **synonyms: str) -> Callable[[object], Any]:
    def read(value: object) -> str:
        if isinstance(value, str):
            word = value.strip().lower()
            word = synonyms.get(word, word)
            if word in words:
                return word
        raise ValueError(f"one of {', '.join(words)}")

    return read


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,9}\s*", value):
        return int(value)
    return None
