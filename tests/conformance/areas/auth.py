"""Log-in, users, tokens, onboarding."""

from __future__ import annotations

from marge.auth import User
from marge.auth.guard import show_refusal
from tests.conformance.area import Area, Stimulus
from tests.support.home import CLIENT_ID, HomeServer

_TOKEN = "names a token of the recorded installation; tests/http/ws/test_auth.py {}"


def _log_ins(server: HomeServer) -> None:
    """The recorded administrator had logged in by browser, too, and made a token, the third in the list."""
    owner = server.auth.owner()
    assert isinstance(owner, User)
    server.auth.create_refresh_token(owner, CLIENT_ID, "127.0.0.1")
    server.auth.create_long_lived(owner, "record")


def _notifications(server: HomeServer) -> None:
    """Those of the recorded home: one of its demo, one after the wrong log-ins, two of earlier rows."""
    shown = server.home.shared["persistent_notification"]
    shown.dismiss_all()
    shown.create("an example", "Example", "44c251afe9129a54e47cb0ad8794b31f")
    show_refusal(shown, "127.0.0.1", False)
    shown.create("m", "t", "n1")
    shown.create("m", None, "d68c160bf00c3e71a0d1265a3fbb80d0")


def _one_comes_and_goes(server: HomeServer) -> None:
    shown = server.home.shared["persistent_notification"]
    shown.create("hi", "T", "nn")
    shown.create("hi2", None, "nn")
    shown.dismiss("nn")


_GET, _SUBSCRIBE = "persistent_notification/get", "persistent_notification/subscribe: current, added, updated, removed"
_OUR_TEXT = frozenset({"message", "title"})

AREA = Area(
    before={"auth/refresh_tokens": _log_ins, _GET: _notifications, _SUBSCRIBE: _notifications},
    stimuli={_SUBSCRIBE: Stimulus(_one_comes_and_goes, after=2)},
    rest_otherwise={
        "/auth/authorize page": (200, "a page of Marge's own; the frontend's, where it is installed"),
    },
    ws_otherwise={
        "auth/delete_refresh_token": ("invalid_token_id", _TOKEN.format("deletes one")),
    },
    instance={
        "auth/refresh_tokens": "the tokens of one user",
        "config/auth/list": "the users of one installation",
    },
    misses={
        "non-admin: admin-only command": "each reply is the recorded one; that of render_template comes last, since "
        "it waits for the renderer and others overtake it",
    },
    facts={"auth/sign_path": frozenset({"path"}), "auth/sign_path with query": frozenset({"path"}), _GET: _OUR_TEXT,
           _SUBSCRIBE: _OUR_TEXT},
)
