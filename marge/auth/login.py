"""The steps of a log-in: who are you, and a code of the second factor where the user has one.

Not here: redirect addresses and authorization codes (HTTP).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from marge.auth import totp
from marge.auth.errors import LoginRefused
from marge.auth.flows import Flow, aborted, form, text_field
from marge.auth.models import NETWORK_PROVIDER, User
from marge.errors import InvalidRequest

if TYPE_CHECKING:
    from marge.auth.store import AuthStore

CODE_TRIES = 3
CODE_LIFE_S = 300.0
"""For so long a right password waits for its code."""
MALFORMED = "User input malformed"


class Answer(NamedTuple):
    """What a step led to: a reply to show, or, at the end, the user."""

    reply: dict[str, Any] | None
    user: User | None = None


def begin(store: AuthStore, flow: Flow) -> Answer:
    """The first form of a log-in."""
    if flow.handler[0] == NETWORK_PROVIDER:
        return _choose(store, flow, None)
    return Answer(_ask_password(flow))


def answer(store: AuthStore, flow: Flow, data: dict[str, Any]) -> Answer:
    """What comes after the filled-in form.

    Raises:
        InvalidRequest: not the fields that were asked for.
        LoginRefused: with `is_banned`, the address failed too often.
    """
    if flow.handler[0] == NETWORK_PROVIDER:
        return _choose(store, flow, data)
    return _check_code(store, flow, data) if flow.step == "mfa" else _check_password(store, flow, data)


def _ask_password(flow: Flow, error: str | None = None) -> dict[str, Any]:
    return form(flow, [text_field("username"), text_field("password")], error)


def _check_password(store: AuthStore, flow: Flow, data: dict[str, Any]) -> Answer:
    username, password = _texts(data, "username", "password")
    try:
        user = store.check_password(username, password, flow.remote)
    except LoginRefused as exc:
        if exc.is_banned:
            raise
        return Answer(_ask_password(flow, "invalid_auth"))
    if not store.asks_for_code(user):
        return Answer(None, user)
    flow.user, flow.step, flow.step_at, flow.tries = user, "mfa", store.now(), 0
    return Answer(_ask_code(flow))


def _ask_code(flow: Flow, error: str | None = None) -> dict[str, Any]:
    shown = {"mfa_module_name": totp.MODULE_NAME, "mfa_module_id": totp.MODULE}
    return form(flow, [text_field("code")], error, shown)


def _check_code(store: AuthStore, flow: Flow, data: dict[str, Any]) -> Answer:
    (code,) = _texts(data, "code")
    if flow.step_at + CODE_LIFE_S <= store.now():
        return Answer(aborted(flow, "login_expired"))
    user = store.user(flow.user.id) if flow.user is not None else None
    if user is None or not store.asks_for_code(user):  # removed meanwhile, or the factor was
        return Answer(aborted(flow, "login_expired"))
    flow.tries += 1  # before the check, which waits: answers in parallel count, too
    if flow.tries > CODE_TRIES:
        return Answer(aborted(flow, "too_many_retry"))
    try:
        store.check_second_factor(user, code, flow.remote)
    except LoginRefused as exc:
        if exc.is_banned:
            raise
        if flow.tries >= CODE_TRIES:
            return Answer(aborted(flow, "too_many_retry"))
        return Answer(_ask_code(flow, "invalid_code"))
    return Answer(None, user)


def _choose(store: AuthStore, flow: Flow, data: dict[str, Any] | None) -> Answer:
    """Who comes from a trusted network says who they are, unless only one may come in and need not even say so."""
    users = store.users_without_password(flow.remote)
    if users is None:
        return Answer(aborted(flow, "not_allowed"))
    trusted = store.providers.trusted
    if data is not None:
        (chosen,) = _texts(data, "user")
        user = next((each for each in users if each.id == chosen), None)
        if user is None:
            raise InvalidRequest(MALFORMED)
        return Answer(None, user)
    if trusted is not None and trusted.allow_bypass and len(users) == 1:
        return Answer(None, users[0])
    options = [[user.id, user.name] for user in users]
    return Answer(form(flow, [{"type": "select", "options": options, "name": "user", "required": True}]))


def _texts(data: dict[str, Any], *names: str) -> list[str]:
    values = [data.get(name) for name in names]
    if set(data) - set(names) or not all(isinstance(value, str) for value in values):
        raise InvalidRequest(MALFORMED)
    return [str(value) for value in values]
