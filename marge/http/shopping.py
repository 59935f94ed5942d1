"""The shopping list, for the commands and the REST resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.integrations.shopping_list import SHARED, ShoppingList

if TYPE_CHECKING:
    from marge.home import Home


def shopping_list(home: Home) -> ShoppingList | None:
    """The home's list; None: it has none."""
    found = home.shared.get(SHARED)
    return found if isinstance(found, ShoppingList) else None
