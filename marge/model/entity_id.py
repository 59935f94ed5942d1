"""Entity ids: `<domain>.<object_id>`, lower case, the only address of an entity."""

from __future__ import annotations

import re

from marge.util.memo import remembered

_VALID = re.compile(r"^(?!.+__)(?!_)[\da-z_]+(?<!_)\.(?!_)[\da-z_]+(?<!_)\Z")
MAX_DOMAIN_LENGTH = 64
MAX_ENTITY_ID_LENGTH = 255


@remembered(most=16_384, longest=MAX_ENTITY_ID_LENGTH)
def valid_entity_id(text: str) -> bool:
    """Whether HA would accept `text` as an entity id."""
    return len(text) <= MAX_ENTITY_ID_LENGTH and _VALID.match(text) is not None


def split_entity_id(entity_id: str) -> tuple[str, str]:
    """`light.porch` as `("light", "porch")`.

    Raises:
        ValueError: there is no dot with something on both sides.
    """
    domain, dot, object_id = entity_id.partition(".")
    if not dot or not domain or not object_id:
        raise ValueError(f"Invalid entity ID {entity_id}")
    return domain, object_id
