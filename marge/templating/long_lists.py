"""Long lists: what Python does with them in a single call, done in parts, so that others run in between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from jinja2.utils import Namespace

from marge.templating.budget import CHUNK, charge, in_parts, weight

SHORT = 2**15
"""Weight up to which a value is shown in a single call."""
_SEQUENCES: dict[type, tuple[str, str]] = {
    list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}"), frozenset: ("frozenset({", "})")
}  # fmt: skip
_NESTING = frozenset({*_SEQUENCES, dict, Namespace})


def shown(value: Any) -> str:
    """`str(value)` of a list, tuple, set, mapping or namespace.

    Raises:
        TemplateTooBig: it is too large to be shown.
    """
    return str(value) if weight(value) <= SHORT else "".join(_pieces(value))


def _pieces(value: Any) -> Iterator[str]:
    """The text of a value, piece by piece."""
    kind = type(value)
    if kind not in _NESTING or kind is Namespace:
        if kind is Namespace:
            yield "<Namespace "
            yield from _pieces(value._Namespace__attrs)
            yield ">"
        else:
            yield repr(value)
        return
    if not value:
        yield repr(value)
        return
    if kind is dict:
        yield "{"
        separator = ""
        for key, item in value.items():
            charge()
            yield f"{separator}{key!r}: "
            yield from _pieces(item)
            separator = ", "
        yield "}"
        return
    opening, closing = _SEQUENCES[kind]
    yield opening
    separator = ""
    for part in in_parts(value):
        if _NESTING.isdisjoint(map(type, part)):
            yield separator + ", ".join(map(repr, part))
            separator = ", "
            continue
        for item in part:
            charge()
            yield separator
            yield from _pieces(item)
            separator = ", "
    yield ",)" if kind is tuple and len(value) == 1 else closing


def sort_by(items: list[Any], keys: list[Any], reverse: bool = False) -> list[Any]:
    """The items in the order of their keys; those with equal keys keep theirs.

    Raises:
        TypeError: two keys cannot be compared.
    """
    key = keys.__getitem__
    if len(items) <= CHUNK and weight(keys) <= SHORT * 8:
        return [items[place] for place in sorted(range(len(items)), key=key, reverse=reverse)]
    # What is long to compare is sorted in smaller runs.
    size = max(8, min(CHUNK, CHUNK * 64 * len(keys) // weight(keys)))
    order = list(range(len(items)))
    if reverse:
        order.reverse()
    runs: list[list[int]] = []
    for start in range(0, len(order), size):
        charge()
        runs.append(sorted(order[start : start + size], key=key))
    while len(runs) > 1:
        merged = [_merge(left, right, key, size) for left, right in zip(runs[::2], runs[1::2], strict=False)]
        runs = merged + runs[len(merged) * 2 :]
    order = runs[0]
    if reverse:
        order.reverse()
    return [items[place] for place in order]


def _merge(left: list[int], right: list[int], key: Callable[[int], Any], size: int) -> list[int]:
    """Two sorted runs as one; of equals those of the left one come first. Cut into pieces that fit `size`."""
    size = max(size, 2)
    merged: list[int] = []
    pieces = [(0, len(left), 0, len(right))]
    while pieces:
        charge()
        left_from, left_to, right_from, right_to = pieces.pop()
        in_left, in_right = left_to - left_from, right_to - right_from
        if in_left + in_right <= size or not in_left or not in_right:
            piece = left[left_from:left_to] + right[right_from:right_to]
            merged += sorted(piece, key=key) if in_left and in_right else piece
            continue
        if in_left > in_right:
            left_at = left_from + in_left // 2
            right_at = bisect_left(right, key(left[left_at]), right_from, right_to, key=key)
        else:
            right_at = right_from + in_right // 2
            left_at = bisect_right(left, key(right[right_at]), left_from, left_to, key=key)
        pieces.append((left_at, left_to, right_at, right_to))
        pieces.append((left_from, left_at, right_from, right_at))
    return merged
