"""Lists, sets and mappings: zip, flatten, shuffle, set operations, combine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import pass_environment
from jinja2.filters import make_multi_attrgetter

from marge.templating.budget import charge, ticked
from marge.templating.functions.book import MISSING, Book, HomeView


def _items_of(value: Any, function: str) -> Iterable[Any]:
    if not isinstance(value, Iterable) or isinstance(value, str):
        raise TypeError(f"{function} expected a list, got {type(value).__name__}")
    return ticked(value)


def _flatten(value: Any, levels: int | None = None) -> list[Any]:
    flat: list[Any] = []
    for item in _items_of(value, "flatten"):
        if isinstance(item, Iterable) and not isinstance(item, (str, bytes)):
            if levels is None:
                flat.extend(_flatten(item))
            elif levels >= 1:
                flat.extend(_flatten(item, levels=levels - 1))
            else:
                flat.append(item)
        else:
            flat.append(item)
    return flat


def _intersect(value: Any, other: Any) -> list[Any]:
    return list(set(_items_of(value, "intersect")) & set(_items_of(other, "intersect")))


def _difference(value: Any, other: Any) -> list[Any]:
    return list(set(_items_of(value, "difference")) - set(_items_of(other, "difference")))


def _union(value: Any, other: Any) -> list[Any]:
    return list(set(_items_of(value, "union")) | set(_items_of(other, "union")))


def _symmetric_difference(value: Any, other: Any) -> list[Any]:
    return list(set(_items_of(value, "symmetric_difference")) ^ set(_items_of(other, "symmetric_difference")))


def _combine(*args: Any, recursive: bool = False) -> dict[Any, Any]:
    if not args:
        raise TypeError("combine expected at least 1 argument, got 0")
    result: dict[Any, Any] = {}
    for arg in args:
        if not isinstance(arg, Mapping):
            raise TypeError(f"combine expected a dict, got {type(arg).__name__}")
        if recursive:
            _merge(result, arg)
        else:
            result.update(arg)
    return result


def _merge(target: dict[Any, Any], source: Mapping[Any, Any]) -> None:
    for key, value in source.items():
        charge(0.1)
        present = target.get(key)
        if isinstance(present, Mapping) and isinstance(value, Mapping):
            # A copy, since the mapping may belong to a state.
            mine = dict(present)
            _merge(mine, value)
            target[key] = mine
        else:
            target[key] = value


def _shuffle(*args: Any, seed: Any = MISSING) -> list[Any]:
    if not args:
        raise TypeError("shuffle expected at least 1 argument, got 0")
    if isinstance(args[0], Iterable) and not isinstance(args[0], str):
        items = list(ticked(args[0]))
        if len(args) > 1 and seed is MISSING:
            seed = args[1]
    elif len(args) == 1:
        raise TypeError(f"'{type(args[0]).__name__}' object is not iterable")
    else:
        items = list(args)
    source = random.Random() if seed is MISSING or not seed else random.Random(seed)
    # As `source.shuffle(items)`, item by item: a long list takes tens of milliseconds.
    for last in range(len(items) - 1, 0, -1):
        charge(0.2)
        other = source.randrange(last + 1)
        items[last], items[other] = items[other], items[last]
    return items


def _case_blind(value: Any) -> Any:
    charge(0.1)
    return value.lower() if isinstance(value, str) else value


def _as_is(value: Any) -> Any:
    charge(0.1)
    return value


@pass_environment
def _sort(
    environment: Any, value: Any, reverse: bool = False, case_sensitive: bool = False, attribute: Any = None
) -> list[Any]:
    key = make_multi_attrgetter(environment, attribute, postprocess=_as_is if case_sensitive else _case_blind)
    return sorted(value, key=key, reverse=reverse)


def _random(values: Any) -> Any:
    return random.choice(list(ticked(values)))


def _to_set(value: Any) -> set[Any]:
    return set(ticked(value))


def _to_tuple(value: Any) -> tuple[Any, ...]:
    return tuple(ticked(value))


def install(book: Book, _home: HomeView) -> None:
    book.add("sort", _sort, "f", shown="do_sort")
    book.add("random", _random, "f")
    book.add("zip", zip, "g")
    book.add("set", _to_set, "g")
    book.add("tuple", _to_tuple, "g")
    book.add("flatten", _flatten)
    book.add("intersect", _intersect)
    book.add("difference", _difference)
    book.add("union", _union)
    book.add("symmetric_difference", _symmetric_difference)
    book.add("combine", _combine)
    book.add("shuffle", _shuffle)
