"""`marge/me`: what one may do, and one's own picture."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server("demo:") as running:
        running.home.shared["person"].create_for_user(running.users["user"])
        running.wait()
        yield running


def upload(server: HomeServer, token: str) -> str:
    """The id of a picture that was just sent."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(data, "PNG")
    reply = server.rest(
        "POST", "/api/image/upload", token=token, files={"file": ("me.png", data.getvalue(), "image/png")}
    )
    return str(reply.json()["id"])


def test_everybody_learns_their_rights(server: HomeServer) -> None:
    """An administrator, a user, one who may only look; who is no person is told so."""
    told = {}
    for name in ("admin", "user", "reader"):
        with server.websocket(getattr(server, f"{name}_token")) as client:
            told[name] = client.command("marge/me")["result"]
    assert [told[name]["may_control"] for name in told] == [True, True, False]
    assert all(each["may_read"] and each["login"] for each in told.values())
    assert told["user"]["person"] == {"id": "user", "name": "User", "picture": None, "editable": True}
    assert told["reader"]["person"] is None


def test_a_user_gives_themselves_a_picture_and_takes_it_back(server: HomeServer) -> None:
    """The person's entity shows it at once; nothing else of the person changes."""
    picture = f"/api/image/serve/{upload(server, server.user_token)}/512x512"
    with server.websocket(server.user_token) as client:
        assert client.command("marge/me/picture", picture=picture)["success"]
        assert server.state("person.user").attributes["entity_picture"] == picture
        assert client.command("marge/me")["result"]["person"]["picture"] == picture
        assert client.command("marge/me/picture", picture=None)["success"]
    assert "entity_picture" not in server.state("person.user").attributes
    assert server.state("person.user").attributes["user_id"] == server.users["user"].id


@pytest.mark.parametrize(
    "picture", ["/local/x.png", "https://example.org/x.png", f"/api/image/serve/{'0' * 32}/512x512", "", "x" * 300, 7]
)
def test_only_pictures_of_this_home_are_taken(server: HomeServer, picture: object) -> None:
    """An address elsewhere would tell strangers who looks at it."""
    with server.websocket(server.user_token) as client:
        assert client.command("marge/me/picture", picture=picture)["error"]["code"] == "invalid_format"


def test_who_may_only_look_or_is_no_person_is_refused(server: HomeServer) -> None:
    """In words of their own."""
    with server.websocket(server.reader_token) as client:
        assert client.command("marge/me/picture", picture=None)["error"]["code"] == "unauthorized"
    with server.websocket() as client:
        refused = client.command("marge/me/picture", picture=None)["error"]
        assert refused["code"] == "not_found"
        assert "none of the people" in refused["message"]


def test_in_an_open_home_nobody_needs_to_log_in() -> None:
    """`marge/me` and the list of ways to log in both say so."""
    with home_server("demo:", auth_mode="open") as open_home:
        with open_home.websocket("anything") as client:
            assert client.command("marge/me")["result"]["login"] is False
        assert open_home.rest("GET", "/auth/providers", token=None).json()["open"] is True
