"""Texts, with and without rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.text import TextEntity

if TYPE_CHECKING:
    from marge.home import Home

# object id, name, unique id, what it shows
_TEXTS = (
    ("text", "Text", "text", {"value": "Hello world"}),
    ("password", "Password", "password", {"value": "Hello world", "mode": "password"}),
    ("text_with_1_to_5_characters", "Text with 1 to 5 characters", "text_1_to_5_char",
     {"value": "Hello", "minimum": 1, "maximum": 5}),
    ("text_with_only_lower_case_characters", "Text with only lower case characters", "text_lowercase",
     {"value": "world", "pattern": "[a-z]+"}),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for object_id, name, unique_id, shown in _TEXTS:
        yield of_device(f"text.{object_id}", with_fields(TextEntity(), **shown), name, unique_id)
