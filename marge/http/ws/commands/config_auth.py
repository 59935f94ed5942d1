"""Commands with which administrators look after users and their passwords; and everybody after their own password."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.auth import AuthStore, User, UserNameProblem
from marge.errors import InvalidRequest, ServiceValidationError, Unauthorized
from marge.http.ws.errors import NOT_FOUND, UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_NO_USER = "User not found"
_SYSTEM_USER = "cannot_modify_system_generated"
_PASSWORD = "config/auth_provider/homeassistant"


def _store(session: Session) -> AuthStore:
    store: AuthStore = session.home.shared["auth"]
    return store


# -- users -----------------------------------------------------------------------------------------------------------


@command("config/auth/list", admin=True)
def list_users(session: Session, message: dict[str, Any]) -> None:
    """All users, those of Marge itself too."""
    store = _store(session)
    session.result(message["id"], [describe(store, user) for user in store.users()])


@command(
    "config/auth/create",
    {vol.Required("name"): str, vol.Optional("group_ids"): [str], vol.Optional("local_only"): bool},
    admin=True,
    waits=True,
)
def create_user(session: Session, message: dict[str, Any]) -> None:
    """A new user, who cannot log in before there is a user name and a password."""
    store = _store(session)
    try:
        user = store.add_user(
            message["name"], message.get("group_ids", ()), local_only=message.get("local_only", False)
        )
    except InvalidRequest as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], {"user": describe(store, user)})


@command(
    "config/auth/update",
    {
        vol.Required("user_id"): str,
        vol.Optional("name"): str,
        vol.Optional("is_active"): bool,
        vol.Optional("group_ids"): [str],
        vol.Optional("local_only"): bool,
    },
    admin=True,
    waits=True,
)
def update_user(session: Session, message: dict[str, Any]) -> None:
    """Another name, other groups, or shut out: who is, is logged out everywhere at once."""
    store = _store(session)
    user = _user(store, message["user_id"])
    if user.is_system:
        raise CommandError(_SYSTEM_USER, "Unable to update system generated users.")
    if user.is_owner and message.get("is_active") is False:
        raise CommandError("cannot_deactivate_owner", "Unable to deactivate owner.")
    changes: dict[str, Any] = {key: message[key] for key in ("name", "is_active", "local_only") if key in message}
    if "group_ids" in message:
        changes["groups"] = message["group_ids"]
    try:
        changed = store.update_user(user, **changes)
    except InvalidRequest as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], {"user": describe(store, changed)})


@command("config/auth/delete", {vol.Required("user_id"): str}, admin=True, waits=True)
def delete_user(session: Session, message: dict[str, Any]) -> None:
    """Remove a user with all that belongs to them."""
    store = _store(session)
    if message["user_id"] == session.user.id:
        raise CommandError("no_delete_self", "Unable to delete your own account")
    user = _user(store, message["user_id"])
    if user.is_system:
        raise CommandError(_SYSTEM_USER, "Unable to delete system generated users.")
    if user.is_owner:
        raise CommandError("cannot_delete_owner", "Unable to delete the owner.")
    store.delete_user(user.id)
    session.result(message["id"])


def describe(store: AuthStore, user: User) -> dict[str, Any]:
    """A user as HA's clients list them."""
    return {
        "id": user.id,
        "username": store.username_of(user),
        "name": user.name,
        "is_owner": user.is_owner,
        "is_active": user.is_active,
        "local_only": user.local_only,
        "system_generated": user.is_system,
        "group_ids": list(user.groups),
        "credentials": [{"type": provider} for provider in store.providers_of(user)],
    }


def _user(store: AuthStore, user_id: str) -> User:
    user = store.user(user_id)
    if user is None:
        raise CommandError(NOT_FOUND, _NO_USER)
    return user


# -- user names and passwords ----------------------------------------------------------------------------------------


@command(
    f"{_PASSWORD}/create",
    {vol.Required("user_id"): str, vol.Required("username"): str, vol.Required("password"): str},
    admin=True,
    waits=True,
)
def create_credentials(session: Session, message: dict[str, Any]) -> None:
    """Let a user log in with a user name and a password."""
    store = _store(session)
    user = _user(store, message["user_id"])
    if user.is_system:
        raise CommandError("system_generated", "Cannot add credentials to a system generated user.")
    try:
        store.add_credentials(user, message["username"], message["password"])
    except UserNameProblem as exc:
        raise _translated(exc) from exc
    session.result(message["id"])


@command(f"{_PASSWORD}/delete", {vol.Required("username"): str}, admin=True, waits=True)
def delete_credentials(session: Session, message: dict[str, Any]) -> None:
    """Take a user name and its password away."""
    store = _store(session)
    owner = store.owner()
    if owner is not None and store.usernames().get(message["username"].strip().casefold()) == owner.id:
        raise CommandError("home_assistant_error", "The owner keeps a user name and a password")
    try:
        store.remove_credentials(message["username"])
    except UserNameProblem as exc:
        raise _translated(exc) from exc
    session.result(message["id"])


@command(
    f"{_PASSWORD}/change_password",
    {vol.Required("current_password"): str, vol.Required("new_password"): str},
    waits=True,
)
def change_password(session: Session, message: dict[str, Any]) -> None:
    """Another password for oneself."""
    store = _store(session)
    username = store.username_of(session.user)
    if username is None:
        raise CommandError("credentials_not_found", "Credentials not found")
    if not store.confirm_password(username, message["current_password"], session.remote):
        raise CommandError("invalid_current_password", "Invalid current password")
    store.change_password(username, message["new_password"])
    session.result(message["id"])


@command(
    f"{_PASSWORD}/admin_change_password",
    {vol.Required("user_id"): str, vol.Required("password"): str},
    admin=True,
    waits=True,
)
def admin_change_password(session: Session, message: dict[str, Any]) -> None:
    """Another password for anybody: the owner's right."""
    store = _store(session)
    store.change_password(_username_for_owner(session, message["user_id"]), message["password"])
    session.result(message["id"])


@command(
    f"{_PASSWORD}/admin_change_username",
    {vol.Required("user_id"): str, vol.Required("username"): str},
    admin=True,
    waits=True,
)
def admin_change_username(session: Session, message: dict[str, Any]) -> None:
    """Another user name for anybody: the owner's right."""
    username = _username_for_owner(session, message["user_id"])
    try:
        _store(session).rename_credentials(username, message["username"])
    except UserNameProblem as exc:
        raise _translated(exc) from exc
    session.result(message["id"])


def _username_for_owner(session: Session, user_id: str) -> str:
    if not session.user.is_owner:
        raise Unauthorized("Unauthorized")
    user = _store(session).user(user_id)
    if user is None:
        raise CommandError("user_not_found", _NO_USER)
    username = _store(session).username_of(user)
    if username is None:
        raise CommandError("credentials_not_found", "Credentials not found")
    return username


def _translated(problem: UserNameProblem) -> CommandError:
    of = ServiceValidationError(
        str(problem), translation_key=problem.key, placeholders=problem.placeholders, translation_domain="auth"
    )
    return CommandError("home_assistant_error", str(problem), of)
