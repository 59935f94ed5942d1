"""Who may manage gateways and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.errors import Unauthorized

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Context


def check_admin(home: Home, context: Context) -> None:
    """Whether whoever called is an administrator, or no person at all (an automation).

    Raises:
        Unauthorized: somebody else.
    """
    auth = home.shared.get("auth")
    if context.user_id is None or auth is None:
        return
    user = auth.user(context.user_id)
    if user is None or not user.is_admin:
        raise Unauthorized("Unauthorized")
