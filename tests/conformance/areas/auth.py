"""Log-in, users, tokens, onboarding."""

from __future__ import annotations

from marge.auth import User
from tests.conformance.area import Area
from tests.support.home import CLIENT_ID, HomeServer

_TOKEN = "names a token of the recorded installation; tests/http/ws/test_auth.py {}"


def _log_ins(server: HomeServer) -> None:
    """The recorded administrator had logged in by browser, too, and made a token, the third in the list."""
    owner = server.auth.owner()
    assert isinstance(owner, User)
    server.auth.create_refresh_token(owner, CLIENT_ID, "127.0.0.1")
    server.auth.create_long_lived(owner, "record")


AREA = Area(
    before={"auth/refresh_tokens": _log_ins},
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
    facts={"auth/sign_path": frozenset({"path"}), "auth/sign_path with query": frozenset({"path"})},
)
