"""Lists, sets and mappings: zip, flatten, shuffle, set operations, combine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import pass_environment
from jinja2.filters import do_dictsort, make_attrgetter, make_multi_attrgetter, sync_do_groupby

from marge.templating.budget import CHUNK, charge, ticked
from marge.templating.functions.book import MISSING, Book, HomeView
from marge.templating.long_lists import sort_by

_NUMBERS = frozenset({int, float, bool})
_PLAIN = _NUMBERS | {str}


def _items_of(value: Any, function: str) -> Iterable[Any]:
    if not isinstance(value, Iterable) or isinstance(value, str):
        raise TypeError(f"{function} expected a list, got {type(value).__name__}")
    return ticked(value)


def _sets(value: Any, other: Any, function: str) -> tuple[set[Any], set[Any]]:
    return set(_items_of(value, function)), set(_items_of(other, function))


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
    mine, others = _sets(value, other, "intersect")
    if len(mine) + len(others) > CHUNK:
        fewer, more = sorted((mine, others), key=len)
        return [item for item in ticked(fewer) if item in more]
    return list(mine & others)


def _difference(value: Any, other: Any) -> list[Any]:
    mine, others = _sets(value, other, "difference")
    return [item for item in ticked(mine) if item not in others] if len(mine) > CHUNK else list(mine - others)


def _union(value: Any, other: Any) -> list[Any]:
    mine, others = _sets(value, other, "union")
    mine.update(ticked(others))
    return list(mine)


def _symmetric_difference(value: Any, other: Any) -> list[Any]:
    mine, others = _sets(value, other, "symmetric_difference")
    if len(mine) + len(others) > CHUNK:
        only_mine = [item for item in ticked(mine) if item not in others]
        return only_mine + [item for item in ticked(others) if item not in mine]
    return list(mine ^ others)


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
        charge()
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
        charge()
        other = source.randrange(last + 1)
        items[last], items[other] = items[other], items[last]
    return items


def _case_blind(value: Any) -> Any:
    charge()
    return value.lower() if isinstance(value, str) else value


def _as_is(value: Any) -> Any:
    charge()
    return value


@pass_environment
def _sort(
    environment: Any, value: Any, reverse: bool = False, case_sensitive: bool = False, attribute: Any = None
) -> list[Any]:
    items = list(value)
    keys: list[Any]
    if attribute is None and _types(items) <= _NUMBERS:
        keys = items
    else:
        key = make_multi_attrgetter(environment, attribute, postprocess=_as_is if case_sensitive else _case_blind)
        keys = [key(item) for item in items]
        # One attribute: quicker to compare without the list around it, and the same for what has an order.
        if {1} == {len(each) for each in keys} and _types(first := [each[0] for each in keys]) <= _PLAIN:
            keys = first
    return sort_by(items, keys, reverse)


def _types(items: list[Any]) -> set[type]:
    return set(map(type, items))


@pass_environment
def _groupby(
    environment: Any, value: Any, attribute: Any, default: Any = None, case_sensitive: bool = False
) -> list[Any]:
    items = list(value)
    if len(items) > CHUNK:  # sorting what is sorted is quick
        key = make_attrgetter(environment, attribute, _as_is if case_sensitive else _case_blind, default)
        items = sort_by(items, [key(item) for item in items])
    return sync_do_groupby(environment, ticked(items), attribute, default, case_sensitive)


def _dictsort(value: Any, case_sensitive: bool = False, by: str = "key", reverse: bool = False) -> list[Any]:
    if by not in ("key", "value") or len(value) <= CHUNK:
        return do_dictsort(value, case_sensitive, by, reverse)  # type: ignore[arg-type]
    items = list(value.items())
    position = 0 if by == "key" else 1
    key = _as_is if case_sensitive else _case_blind
    return sort_by(items, [key(item[position]) for item in items], reverse)


def _random(values: Any) -> Any:
    return random.choice(list(ticked(values)))


def _to_set(value: Any) -> set[Any]:
    return set(ticked(value))


def _to_tuple(value: Any) -> tuple[Any, ...]:
    return tuple(ticked(value))


def install(book: Book, _home: HomeView) -> None:
    book.add("sort", _sort, "f", shown="do_sort")
    book.add("groupby", _groupby, "f", shown="do_groupby")
    book.add("dictsort", _dictsort, "f", shown="do_dictsort")
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
