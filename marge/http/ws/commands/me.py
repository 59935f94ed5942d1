"""`marge/me…`: what the user who is logged in may do, and the picture that others see. Not here: who it is
(`auth/current_user`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._stored import settle
from marge.errors import NotFound
from marge.http.rest.permissions import check_may_control
from marge.http.ws.errors import INVALID_FORMAT, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.storage.collection import Collection, Item, collections_of

if TYPE_CHECKING:
    from marge.auth import AuthStore

_PERSON = "person"
_PICTURE = re.compile(r"/api/image/serve/([0-9a-f]{32})/(?:original|256x256|512x512)")


@command("marge/me")
def me(session: Session, message: dict[str, Any]) -> None:
    """The user's rights, and who among the home's people it is.

    `may_control`: services may be called. `login`: False where nobody needs to log in. `person`: null, or with `id`,
    `name`, `picture`, and `editable` (False: it stands in the files).
    """
    store: AuthStore = session.home.shared["auth"]
    item, editable = _person(session)
    person = None if item is None else {
        "id": item["id"], "name": item["name"], "picture": item.get("picture"), "editable": editable,
    }  # fmt: skip
    session.result(
        message["id"],
        {
            "may_read": session.user.may_read,
            "may_control": session.user.may_control,
            "login": not store.open_mode,
            "person": person,
        },
    )


@command("marge/me/picture", {vol.Required("picture"): vol.Any(None, vol.All(str, vol.Length(max=200)))}, waits=True)
def set_picture(session: Session, message: dict[str, Any]) -> None:
    """Show this picture for the user's own person (`/api/image/serve/<id>/512x512`, uploaded before), or none (null).

    What administrators do for anybody with `person/update`, everybody who may do more than look does for themselves.
    """
    check_may_control(session.user)
    picture = message["picture"]
    item, editable = _person(session)
    if item is None or not editable:
        raise NotFound("You are none of the people that this home keeps")
    if picture is not None:
        named = _PICTURE.fullmatch(picture)
        images = collections_of(session.home.shared).get("image")
        if named is None or images is None or named.group(1) not in images:
            raise CommandError(INVALID_FORMAT, "There is no such picture: upload it first")
    _people(session).replace({**item, "picture": picture})
    settle(_PERSON)(session.home, str(item["id"]))
    session.result(message["id"])


def _people(session: Session) -> Collection:
    return collections_of(session.home.shared)[_PERSON]


def _person(session: Session) -> tuple[Item | None, bool]:
    """The person that the user is, and whether people may change it."""
    shared, user_id = session.home.shared, session.user.id
    if _PERSON in collections_of(shared):
        for item in _people(session).all():
            if item.get("user_id") == user_id:
                return item, True
    people: Any = shared.get(_PERSON)
    of_files = [] if people is None else people.of_files()
    return next((item for item in of_files if item.get("user_id") == user_id), None), False
