"""Setting up a second factor: show the secret, and believe it once a code of it was typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.auth import totp
from marge.auth.flows import Flow, created, form, text_field
from marge.auth.models import User
from marge.errors import InvalidRequest

if TYPE_CHECKING:
    from marge.auth.store import AuthStore


def modules(store: AuthStore, user: User) -> list[dict[str, Any]]:
    """The second factors and whether the user has them; one that was set up is shown even where no new ones may be."""
    enabled = store.has_totp(user)
    if not store.second_factors and not enabled:
        return []
    return [{"id": totp.MODULE, "name": totp.MODULE_NAME, "enabled": enabled}]


def begin(store: AuthStore, user: User, remote: str) -> dict[str, Any]:
    """The form with the secret as text and as a QR code. Waits while that is drawn."""
    secret = totp.new_secret()
    address = totp.address(secret, store.username_of(user) or user.name)
    shown = {"code": secret, "url": address, "qr_code": totp.qr_code(address)}
    return _ask(store.flows.start(totp.MODULE, remote, user=user, secret=secret, shown=shown))


def answer(store: AuthStore, flow: Flow, user: User, data: Any) -> dict[str, Any]:
    """What comes after a code was typed in.

    Raises:
        InvalidRequest: there is no code in the answer.
    """
    if data is None:
        return _ask(flow)
    code = data.get("code") if isinstance(data, dict) and set(data) == {"code"} else None
    if not isinstance(code, str):
        raise InvalidRequest("User input malformed")
    step = totp.matching_step(flow.secret, code, store.now())
    if step is None:
        return _ask(flow, "invalid_code")
    store.flows.end(flow.id)
    store.enable_totp(user, flow.secret, step)
    return created(flow, data={"result": None})


def _ask(flow: Flow, error: str | None = None) -> dict[str, Any]:
    return form(flow, [text_field("code")], error, flow.shown)
