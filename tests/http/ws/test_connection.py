"""A WebSocket's life: log-in in time, tokens that end it, readers that do not read, floods in one frame."""

from __future__ import annotations

import json
import socket
import time

import pytest
import websocket

from marge.http.ws import connection
from tests.support.home import HomeServer, WebSocketClosed, home_server
from tests.support.waiting import until


def test_who_says_nothing_is_shown_out(server: HomeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a log-in in time the connection is closed."""
    monkeypatch.setattr(connection, "AUTH_TIMEOUT_S", 0.05)
    with server.connect() as client:
        assert client.receive()["type"] == "auth_required"
        with pytest.raises(WebSocketClosed) as closed:
            client.receive(5)

    assert closed.value.code == 1000


@pytest.mark.parametrize("how", ["rest", "websocket", "store", "user"])
def test_revoking_a_token_ends_its_connections(server: HomeServer, how: str) -> None:
    """However the token goes: its connection is told nothing more and closed; others go on."""
    store = server.auth
    user = store.create_user("Gone", f"gone {how}", "a password")
    secret, token = store.create_long_lived(user, "soon gone")
    with server.websocket(secret) as client, server.websocket() as other:
        client.command("subscribe_events", event_type="state_changed")
        if how == "rest":
            assert server.rest("DELETE", f"/api/auth/tokens/{token.id}").status_code == 200
        elif how == "websocket":
            with server.websocket(secret) as second:
                assert second.command("auth/delete_refresh_token", refresh_token_id=token.id)["success"]
        elif how == "store":
            store.revoke(token.id)
        else:
            store.remove_user(f"gone {how}")
        server.rest("POST", "/api/states/sensor.secret", {"state": how})
        with pytest.raises(WebSocketClosed) as closed:
            while True:
                assert "sensor.secret" not in str(client.receive(5))  # the sun may have moved before the token went

        assert closed.value.code == 1008
        assert other.command("ping")["type"] == "pong"
    assert server.rest("GET", "/api/", token=secret).status_code == 401


def test_commands_behind_the_revocation_are_not_run(server: HomeServer) -> None:
    """A frame full of commands that waits behind the end of its token changes nothing."""
    user = server.auth.create_user("Late", "late", "a password")
    secret, token = server.auth.create_long_lived(user, "late")
    toggle = {"type": "call_service", "domain": "input_boolean", "service": "toggle",
              "target": {"entity_id": "input_boolean.guest"}}
    with server.websocket(secret) as client:
        client.send([{"id": 1, "type": "auth/delete_refresh_token", "refresh_token_id": token.id}])
        client.reply_to(1)
        before = server.rest("GET", "/api/states/input_boolean.guest").json()
        try:
            client.send([{"id": number, **toggle} for number in range(2, 50)])
        except (OSError, websocket.WebSocketException):
            pass  # it is closed already: all the better
        server.wait()

        assert server.rest("GET", "/api/states/input_boolean.guest").json() == before


def test_who_does_not_read_is_dropped() -> None:
    """A client that subscribes and never reads costs itself: it is gone once its queue is full, the others hear all."""
    with home_server() as server, server.connect() as lazy, server.websocket() as reader:
        assert lazy.raw.sock is not None
        lazy.raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.send({"type": "auth", "access_token": server.admin_token})
        lazy.send({"id": 1, "type": "subscribe_events", "event_type": "burst"})
        reader.command("subscribe_events", event_type="last")
        until(lambda: server.home.bus.listener_counts().get("burst"), what="the subscription")
        text = "x" * 20_000
        deadline = time.monotonic() + 60
        while server.running.ws_connections() > 1:
            assert time.monotonic() < deadline, "the lazy client is still there"
            for _ in range(50):
                server.rest("POST", "/api/events/burst", {"text": text})
        server.rest("POST", "/api/events/last", {})

        assert reader.event(1)["event_type"] == "last"
        assert "burst" not in server.home.bus.listener_counts()


def test_a_frame_of_many_commands_is_answered_in_turns(server: HomeServer) -> None:
    """Two thousand commands in one frame are all answered, and somebody else gets a word in between."""
    with server.websocket() as client:
        client.send([{"id": number, "type": "ping"} for number in range(1, 2001)])
        assert server.rest("GET", "/api/").status_code == 200
        for number in range(1, 2001):
            assert client.receive() == {"id": number, "type": "pong"}


def test_a_connection_is_an_actor_that_can_be_ended_by_hand(server: HomeServer) -> None:
    """It stands in the tree with its user, and killing it closes the client's connection and no other."""
    with server.websocket() as client, server.websocket() as other:
        client.command("subscribe_events", event_type="mine")
        assert other.command("ping")["type"] == "pong"
        system = server.home.system
        paths = [path for path in system.paths() if path.startswith("/http/ws-")]
        mine = next(path for path in paths if system.actor(path).describe()["subscriptions"] == 1)  # type: ignore[union-attr]
        assert server.rest("POST", f"/api/actors{mine}/kill").status_code == 200
        with pytest.raises(WebSocketClosed):
            client.receive(5)

        assert other.command("ping")["type"] == "pong"
    assert "mine" not in server.home.bus.listener_counts()


def test_subscriptions_end_with_the_connection(server: HomeServer) -> None:
    """Nothing of a client is left behind on the bus, among the actors or the notifications' listeners."""
    before = (server.home.bus.listener_counts(), len(server.home.system))
    for _ in range(20):
        with server.websocket() as client:
            client.command("subscribe_events")
            client.command("subscribe_entities")
            client.command("persistent_notification/subscribe")
            client.command("render_template", template="{{ states('sun.sun') }}")
            trigger = {"trigger": "state", "entity_id": "input_boolean.guest"}
            assert client.command("subscribe_trigger", trigger=trigger)["success"]

    until(lambda: (server.home.bus.listener_counts(), len(server.home.system)) == before, what="all is cleaned up")


def test_replies_are_json_that_fits_one_frame(server: HomeServer) -> None:
    """`get_states` of a large home arrives whole."""
    for number in range(300):
        server.home.entities.seed(f"sensor.large_{number}", "1", {"text": "x" * 3000})
    server.wait()
    with server.websocket() as client:
        states = client.command("get_states")["result"]

    assert len([state for state in states if state["entity_id"].startswith("sensor.large_")]) == 300
    assert len(json.dumps(states)) > 900_000
