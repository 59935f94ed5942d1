"""Users and passwords over WebSocket: who may change what, and what it does to those who are logged in."""

from __future__ import annotations

import pytest

from marge.auth import ADMIN, READ_ONLY, USER
from marge.model import Context
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, WebSocketClient, WebSocketClosed
from tests.support.waiting import until

PROVIDER = "config/auth_provider/homeassistant"


def made(client: WebSocketClient, name: str, **fields: object) -> dict[str, object]:
    user: dict[str, object] = client.command("config/auth/create", name=name, **fields)["result"]["user"]
    return user


def test_a_user_is_made_given_a_password_changed_and_removed(server: HomeServer) -> None:
    """The whole life of an account."""
    with server.websocket() as client:
        user = made(client, "Carl", group_ids=[USER], local_only=False)
        assert user == {
            "id": user["id"], "username": None, "name": "Carl", "is_owner": False, "is_active": True,
            "local_only": False, "system_generated": False, "group_ids": [USER], "credentials": [],
        }
        given = client.command(f"{PROVIDER}/create", user_id=user["id"], username="carl", password="secret")
        assert given["result"] is None
        changed = client.command("config/auth/update", user_id=user["id"], name="Karl", group_ids=[ADMIN])
        assert changed["result"]["user"] == {
            **user, "name": "Karl", "group_ids": [ADMIN], "username": "carl", "credentials": [{"type": "homeassistant"}]
        }
        assert server.auth.login("carl", "secret", "127.0.0.1").is_admin
        assert client.command(f"{PROVIDER}/admin_change_username", user_id=user["id"], username="karl")["success"]
        assert client.command(f"{PROVIDER}/admin_change_password", user_id=user["id"], password="other")["success"]
        assert server.auth.login("karl", "other", "127.0.0.1").name == "Karl"
        assert client.command("config/auth/delete", user_id=user["id"])["result"] is None
        assert user["id"] not in [each["id"] for each in client.command("config/auth/list")["result"]]


def test_people_and_machines_are_listed(server: HomeServer) -> None:
    """With what HA's clients show of them."""
    with server.websocket() as client:
        users = client.command("config/auth/list")["result"]
    owner = next(each for each in users if each["is_owner"])

    assert (owner["username"], owner["group_ids"]) == ("admin", [ADMIN])
    assert [each["group_ids"] for each in users if each["system_generated"]] == [[READ_ONLY]]


def test_a_user_without_rights_is_told_so(server: HomeServer) -> None:
    """Each of these is for administrators, two of them for the owner alone."""
    with server.websocket(server.user_token) as client:
        for kind, fields in (
            ("config/auth/list", {}), ("config/auth/create", {"name": "x"}),
            ("config/auth/update", {"user_id": "x"}), ("config/auth/delete", {"user_id": "x"}),
            (f"{PROVIDER}/create", {"user_id": "x", "username": "x", "password": "x"}),
            (f"{PROVIDER}/delete", {"username": "admin"}),
            (f"{PROVIDER}/admin_change_password", {"user_id": "x", "password": "x"}),
            (f"{PROVIDER}/admin_change_username", {"user_id": "x", "username": "x"}),
        ):
            assert client.command(kind, **fields)["error"]["code"] == "unauthorized", kind
    with server.websocket() as client:
        deputy = made(client, "Deputy", group_ids=[ADMIN])
    user = server.auth.user(str(deputy["id"]))
    assert user is not None
    token = server.auth.create_long_lived(user, "deputy")[0]
    with server.websocket(token) as client:
        reply = client.command(f"{PROVIDER}/admin_change_password", user_id=server.users["user"].id, password="x")
        assert reply["error"]["code"] == "unauthorized"
        assert client.command("config/auth/list")["success"]


@pytest.mark.parametrize(
    "kind, fields, code",
    [
        ("config/auth/create", {"name": "x", "group_ids": ["nope"]}, "unknown_error"),
        ("config/auth/update", {"user_id": "nope"}, "not_found"),
        ("config/auth/update", {"user_id": "$admin", "is_active": False}, "cannot_deactivate_owner"),
        ("config/auth/update", {"user_id": "$user", "group_ids": ["nope"]}, "unknown_error"),
        ("config/auth/update", {"user_id": "$system", "name": "x"}, "cannot_modify_system_generated"),
        ("config/auth/delete", {"user_id": "$admin"}, "no_delete_self"),
        ("config/auth/delete", {"user_id": "$system"}, "cannot_modify_system_generated"),
        (f"{PROVIDER}/create", {"user_id": "$system", "username": "x", "password": "x"}, "system_generated"),
        (f"{PROVIDER}/create", {"user_id": "$user", "username": "new", "password": ""}, "invalid_format"),
        (f"{PROVIDER}/create", {"user_id": "$user", "username": "", "password": "x"}, "home_assistant_error"),
        (f"{PROVIDER}/create", {"user_id": "$user", "username": "ADMIN", "password": "x"}, "home_assistant_error"),
        (f"{PROVIDER}/delete", {"username": "admin"}, "home_assistant_error"),
        (f"{PROVIDER}/admin_change_password", {"user_id": "nope", "password": "x"}, "user_not_found"),
        (f"{PROVIDER}/admin_change_password", {"user_id": "$system", "password": "x"}, "credentials_not_found"),
        (f"{PROVIDER}/admin_change_username", {"user_id": "$user", "username": "admin"}, "home_assistant_error"),
    ],
)
def test_what_cannot_be_done_says_why(server: HomeServer, kind: str, fields: dict[str, object], code: str) -> None:
    """With HA's codes where HA has one."""
    ids = {f"${name}": user.id for name, user in server.users.items()}
    ids["$system"] = next(user.id for user in server.auth.users() if user.is_system)
    fields = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in fields.items()}
    with server.websocket() as client:
        assert client.command(kind, **fields)["error"]["code"] == code


def test_who_is_shut_out_is_out_at_once(server: HomeServer) -> None:
    """Open connections are closed, tokens are gone, the password opens nothing."""
    user = server.auth.create_user("Mallory", "mallory", PASSWORD)
    token = server.auth.create_long_lived(user, "hers")[0]
    access = server.auth.access_token(server.auth.create_refresh_token(user, CLIENT_ID)[1])
    with server.websocket() as admin, server.websocket(token) as hers:
        assert admin.command("config/auth/update", user_id=user.id, is_active=False)["success"]
        with pytest.raises(WebSocketClosed) as closed:
            while True:
                hers.receive()
        assert closed.value.code == 1008
    assert [server.rest("GET", "/api/", token=each).status_code for each in (token, access)] == [401, 401]
    login = {"username": "mallory", "password": PASSWORD}
    assert server.rest("POST", "/api/auth/login", login, token=None).status_code == 401


def test_rights_that_are_taken_away_end_what_was_begun_with_them(server: HomeServer) -> None:
    """A former administrator's subscriptions are over; the next connection has the rights that are left."""
    user = server.auth.create_user("Former", "former", PASSWORD, ADMIN)
    token = server.auth.create_long_lived(user, "one")[0]
    with server.websocket(token) as theirs:
        assert theirs.command("subscribe_events")["success"]
        server.auth.update_user(user, groups=[READ_ONLY])
        with pytest.raises(WebSocketClosed):
            while True:
                theirs.receive()
    with server.websocket(token) as theirs:
        assert theirs.command("config/auth/list")["error"]["code"] == "unauthorized"
        call = theirs.command("call_service", domain="input_boolean", service="turn_on", service_data={})
        assert call["error"]["code"] == "unauthorized"


def test_rights_that_are_given_count_at_once(server: HomeServer) -> None:
    """On the connection that is open."""
    user = server.auth.create_user("Rising", "rising", PASSWORD)
    with server.websocket(server.auth.create_long_lived(user, "one")[0]) as theirs:
        assert theirs.command("config/auth/list")["error"]["code"] == "unauthorized"
        server.auth.update_user(user, groups=[ADMIN])

        assert theirs.command("config/auth/list")["success"]


def test_a_user_without_a_group_sees_no_entity(server: HomeServer) -> None:
    """Neither in lists nor one by one, over REST and WebSocket."""
    with server.websocket() as client:
        user = server.auth.user(str(made(client, "Nobody")["id"]))
    assert user is not None
    token = server.auth.create_long_lived(user, "one")[0]
    assert server.rest("GET", "/api/states", token=token).json() == []
    assert server.rest("GET", "/api/states/search", token=token).json() == []
    assert server.rest("GET", "/api/states/zone.home", token=token).status_code == 401
    assert server.rest("POST", "/api/services/input_boolean/turn_on", {}, token=token).status_code == 401
    with server.websocket(token) as theirs:
        assert theirs.command("get_states")["result"] == []
        assert theirs.command("subscribe_events", event_type="state_changed")["error"]["code"] == "unauthorized"
        theirs.command("subscribe_entities")
        assert theirs.event(3) == {"a": {}}
        server.home.entities.write("sensor.secret", "1", {}, Context.new())
        assert theirs.command("ping")["type"] == "pong"
        assert theirs._inbox == []


def test_ones_own_password_is_changed_with_the_old_one(server: HomeServer) -> None:
    """A wrong one counts as a failed log-in."""
    user = server.auth.create_user("Pat", "pat", PASSWORD)
    with server.websocket(server.auth.create_long_lived(user, "one")[0]) as client:
        wrong = client.command(f"{PROVIDER}/change_password", current_password="x", new_password="y")
        assert wrong["error"] == {"code": "invalid_current_password", "message": "Invalid current password"}
        right = client.command(f"{PROVIDER}/change_password", current_password=PASSWORD, new_password="new one")
        assert right["result"] is None

    assert server.auth.login("pat", "new one", "127.0.0.1").name == "Pat"


def test_a_user_name_that_is_taken_away_logs_out_what_used_it(server: HomeServer) -> None:
    """Long-lived tokens are another matter: they were made to last."""
    user = server.auth.create_user("Quinn", "quinn", PASSWORD)
    refresh, _ = server.auth.create_refresh_token(user, CLIENT_ID)
    lasting, _ = server.auth.create_long_lived(user, "one")
    with server.websocket() as client:
        assert client.command(f"{PROVIDER}/delete", username="quinn")["success"]

    assert server.auth.find_refresh_token(refresh) is None
    assert server.rest("GET", "/api/", token=lasting).status_code == 200


def test_changes_of_users_are_events(server: HomeServer) -> None:
    """Added, updated, removed: with the user's id."""
    with server.websocket() as client:
        number = client._id + 1
        client.command("subscribe_events", event_type="user_removed")
        user = made(client, "Event")
        client.command("config/auth/delete", user_id=user["id"])
        event = client.event(number)

    assert event["data"] == {"user_id": user["id"]}


def test_a_removed_users_person_stays_without_a_user(server: HomeServer) -> None:
    """The person entity forgets whose it was."""
    user = server.auth.create_user("Robin", "robin", PASSWORD)
    server.home.shared["person"].create_for_user(user)
    with server.websocket() as client:
        client.command("config/auth/delete", user_id=user.id)
        until(
            lambda: all(each.get("user_id") != user.id for each in client.command("person/list")["result"]["storage"]),
            what="the person knows",
        )
