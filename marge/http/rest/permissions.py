"""What a user may do beyond reading. Not here: who the user is (`marge.auth`), access to whole routes (`routing`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.errors import Unauthorized

if TYPE_CHECKING:
    from marge.auth import User

ADMIN_ONLY = frozenset(
    {
        ("homeassistant", "reload_core_config"),
        ("homeassistant", "restart"),
        ("homeassistant", "stop"),
        ("homeassistant", "reload_all"),
        ("homeassistant", "set_location"),
    }
)
"""Services that HA reserves for administrators."""


def may_read(user: User | None, _entity_id: str | None = None) -> bool:
    """Whether a user may see an entity (None: any at all). The groups of today speak of all entities alike."""
    return user is not None and user.may_read


def check_may_control(user: User | None) -> None:
    """Raises:
    Unauthorized: nobody, or somebody who may only look.
    """
    if user is None or not user.may_control:
        raise Unauthorized("Unauthorized")


def check_may_call(user: User | None, domain: str, service: str) -> None:
    """Raises:
    Unauthorized: this user must not call this service.
    """
    check_may_control(user)
    if (domain, service) in ADMIN_ONLY and (user is None or not user.is_admin):
        raise Unauthorized("Unauthorized")
