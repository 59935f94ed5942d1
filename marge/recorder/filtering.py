"""Which entities are recorded: `include` and `exclude` of the `recorder:` section. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate
from typing import Any

_REMEMBERED = 200_000


class Names:
    """Entity ids, domains and patterns of ids."""

    def __init__(self, section: Any) -> None:
        section = section if isinstance(section, Mapping) else {}
        self.entities = frozenset(_texts(section.get("entities")))
        self.domains = frozenset(_texts(section.get("domains")))
        globs = _texts(section.get("entity_globs"))
        self._globs = re.compile("|".join(translate(glob) for glob in globs)) if globs else None

    @property
    def has_groups(self) -> bool:
        """Whether it names more than single entities."""
        return bool(self.domains) or self._globs is not None

    def __bool__(self) -> bool:
        return bool(self.entities) or self.has_groups

    def globbed(self, entity_id: str) -> bool:
        return self._globs is not None and self._globs.match(entity_id) is not None

    def matches(self, entity_id: str) -> bool:
        """Whether any of the three names it."""
        return (
            entity_id in self.entities or entity_id.partition(".")[0] in self.domains or self.globbed(entity_id)
        )


def entity_filter(section: Any) -> Callable[[str], bool] | None:
    """Whether an entity is recorded, by its id; None: all of them are.

    A single entity that is named wins over patterns, and patterns over domains; of equals the inclusion wins.
    """
    section = section if isinstance(section, Mapping) else {}
    include, exclude = Names(section.get("include")), Names(section.get("exclude"))
    if not include and not exclude:
        return None

    def decide(entity_id: str) -> bool:
        if entity_id in include.entities:
            return True
        if entity_id in exclude.entities:
            return False
        if include.globbed(entity_id):
            return True
        if exclude.globbed(entity_id):
            return False
        domain = entity_id.partition(".")[0]
        if domain in include.domains:
            return True
        if domain in exclude.domains:
            return False
        # Whoever includes groups, or includes and excludes nothing else, wants no more than that.
        return not include.has_groups and not (include.entities and not exclude.has_groups)

    known: dict[str, bool] = {}

    def remembered(entity_id: str) -> bool:
        found = known.get(entity_id)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[entity_id] = decide(entity_id)
        return found

    return remembered


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, Iterable) else []
