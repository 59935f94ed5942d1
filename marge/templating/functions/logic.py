"""Choices and comparisons: iif, contains, versions; merging of service responses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marge.templating.budget import charge, ticked
from marge.templating.functions.book import MISSING, Book, HomeView
from marge.templating.version import Version


def _iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = MISSING) -> Any:
    if value is None and if_none is not MISSING:
        return if_none
    return if_true if value else if_false


def _contains(seq: Any, value: Any) -> bool:
    if hasattr(seq, "__len__"):
        charge()
    return value in seq


def _in(value: Any, seq: Any) -> bool:
    return _contains(seq, value)


def _merge_response(value: Any) -> list[Any]:
    """The responses of several entities as one list; each item says which entity it is from."""
    if not isinstance(value, dict):
        raise TypeError("Response is not a dictionary")
    merged: list[Any] = []
    for entity_id, response in ticked(value.items()):
        if not isinstance(response, dict):
            raise TypeError("Response is not a dictionary")
        key, items = None, [response]
        if len(response) == 1:
            only, inner = next(iter(response.items()))
            if isinstance(inner, list):
                key, items = only, inner
        for item in ticked(items):
            if not isinstance(item, dict):
                raise TypeError("Response is not a dictionary")
            marks = {"entity_id": entity_id} if key is None else {"entity_id": entity_id, "value_key": key}
            for mark in marks:
                if mark in item:
                    raise ValueError(f"Response dictionary already contains key '{mark}'")
            merged.append({**item, **marks})
    return merged


def _version(value: Any) -> Version:
    return Version(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_set(value: Any) -> bool:
    return isinstance(value, set)


def _is_tuple(value: Any) -> bool:
    return isinstance(value, tuple)


def _is_datetime(value: Any) -> bool:
    return isinstance(value, datetime)


def _is_string_like(value: Any) -> bool:
    return isinstance(value, (str, bytes, bytearray))


def install(book: Book, _home: HomeView) -> None:
    book.add("iif", _iif)
    book.add("contains", _contains, "ft")
    book.add("in", _in, "t")
    book.add("version", _version)
    book.add("merge_response", _merge_response)
    book.add("list", _is_list, "t")
    book.add("set", _is_set, "t")
    book.add("tuple", _is_tuple, "t")
    book.add("datetime", _is_datetime, "t")
    book.add("string_like", _is_string_like, "t")
