"""JSON, base64, hashes, packed bytes, URLs, slugs and ordinals."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import urllib.parse
from typing import Any

import orjson
import structlog

from marge.templating.budget import MAX_WEIGHT, ticked, too_heavy, too_long, weight
from marge.templating.functions.book import Book, HomeView
from marge.templating.operators import text_of
from marge.util.slug import slugify as make_slug

_log = structlog.get_logger("marge.templating")
MAX_CONTAINERS = 50_000
"""Lists and mappings in one JSON text: making more of them would hold the hub too long."""
_PLAIN = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def from_json(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_CONTAINERS:
        too_heavy(MAX_WEIGHT * (value.count("[") + value.count("{")) // MAX_CONTAINERS)
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        # The wording of newer releases; clients know the shorter one.
        raise orjson.JSONDecodeError(
            error.msg.removesuffix(", expected a JSON value"), error.doc or "", error.pos
        ) from None


def to_json(value: Any, ensure_ascii: bool = False, pretty_print: bool = False, sort_keys: bool = False) -> str:
    too_long(weight(value), 2**21)
    if ensure_ascii:
        encoder = json.JSONEncoder(ensure_ascii=True, indent=2 if pretty_print else None, sort_keys=sort_keys)
        return "".join(ticked(encoder.iterencode(value)))
    options = _PLAIN | (orjson.OPT_INDENT_2 if pretty_print else 0) | (orjson.OPT_SORT_KEYS if sort_keys else 0)
    return orjson.dumps(value, option=options).decode()


def _base64_encode(value: Any) -> str:
    return base64.b64encode(value if isinstance(value, bytes) else value.encode("utf-8")).decode("utf-8")


def _base64_decode(value: Any, encoding: str | None = "utf-8") -> Any:
    decoded = base64.b64decode(value)
    return decoded.decode(encoding) if encoding else decoded


def _hash(name: str) -> Any:
    def digest(value: Any) -> str:
        return str(hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest())

    return digest


def _slugify(value: Any, separator: str = "_") -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        value = str(value, "utf-8", "ignore")
    too_long(len(value) * max(len(separator), 1), 2**16)
    return make_slug(value, separator)


def _urlencode(value: Any) -> bytes:
    too_long(weight(value), 2**17)
    return urllib.parse.urlencode(value).encode("utf-8")


def _ordinal(value: Any) -> str:
    text = text_of(value)
    # Only the last two characters are looked at, as HA does: what they cannot be read as is an error.
    number = abs(int(text[-2:]))
    suffix = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{value}{suffix}"


def _check_format(pattern: Any) -> None:
    size = struct.calcsize(pattern)
    too_long(size)


def _pack(value: Any, format_string: str) -> bytes | None:
    try:
        _check_format(format_string)
        return struct.pack(format_string, value)
    except struct.error as error:
        _log.debug("a template could not pack a value", error=str(error))
        return None


def _unpack(value: Any, format_string: str, offset: int = 0) -> Any:
    try:
        _check_format(format_string)
        return struct.unpack_from(format_string, value, offset)[0]
    except struct.error as error:
        _log.debug("a template could not unpack a value", error=str(error))
        return None


def install(book: Book, _home: HomeView) -> None:
    book.add("from_json", from_json, "f")
    book.add("to_json", to_json, "f")
    book.add("base64_encode", _base64_encode, "f")
    book.add("base64_decode", _base64_decode, "f")
    for name in ("md5", "sha1", "sha256", "sha512"):
        book.add(name, _hash(name))
    book.add("slugify", _slugify)
    book.add("urlencode", _urlencode, "g")
    book.add("ordinal", _ordinal, "f")
    book.add("pack", _pack)
    book.add("unpack", _unpack)
