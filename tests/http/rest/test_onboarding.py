"""The first steps of a home, in their order, each once."""

from __future__ import annotations

import pytest

from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, home_server

OWNER = {"client_id": CLIENT_ID, "name": "Änn", "username": " Ann", "password": PASSWORD, "language": "de-CH"}


def test_a_home_is_taken_over_step_by_step() -> None:
    """Owner, person, first areas, the ticks, and a code at the end."""
    with home_server(with_users=False) as server:
        for path, status in (("installation_type", 200), ("backup/info", 200), ("cloud/status", 500)):
            assert server.rest("GET", f"/api/onboarding/{path}", token=None).status_code == status
        assert server.rest("GET", "/auth/providers", token=None).json()["code"] == "onboarding_required"
        reply = server.rest("POST", "/api/onboarding/users", OWNER, token=None)
        code = {"grant_type": "authorization_code", "code": reply.json()["auth_code"], "client_id": CLIENT_ID}
        token = server.rest("POST", "/auth/token", token=None, data=code).json()["access_token"]

        owner = server.auth.owner()
        assert owner is not None and (owner.name, owner.is_admin) == ("Änn", True)
        assert [area.name for area in server.home.registries.areas.all()] == ["Wohnzimmer", "Küche", "Schlafzimmer"]
        server.wait()
        people = server.home.states.domain("person")
        assert [state.attributes["user_id"] for state in people] == [owner.id]
        for path in ("installation_type", "backup/info", "cloud/status"):
            assert server.rest("GET", f"/api/onboarding/{path}", token=None).status_code == 401
        for step in ("core_config", "analytics"):
            assert server.rest("POST", f"/api/onboarding/{step}", {}, token=None).status_code == 401
            assert server.rest("POST", f"/api/onboarding/{step}", {}, token=token).json() == {}
            assert server.rest("POST", f"/api/onboarding/{step}", {}, token=token).status_code == 403
        wrong = {"client_id": CLIENT_ID, "redirect_uri": "javascript:alert(1)"}
        assert server.rest("POST", "/api/onboarding/integration", wrong, token=token).status_code == 400
        right = {"client_id": CLIENT_ID, "redirect_uri": CLIENT_ID + "?auth_callback=1"}
        last = server.rest("POST", "/api/onboarding/integration", right, token=token)
        assert last.json()["auth_code"]
        steps = server.rest("GET", "/api/onboarding", token=None).json()
        assert [step["done"] for step in steps] == [True] * 4


@pytest.mark.parametrize(
    "body, message",
    [
        (b"{", "Invalid JSON."),
        ({**OWNER, "name": 1}, "Message format incorrect: expected str for dictionary value @ data['name']"),
        ({**OWNER, "password": ""}, "User name and password must not be empty."),
    ],
)
def test_an_owner_who_cannot_be_is_refused(fresh: HomeServer, body: object, message: str) -> None:
    """And the home is nobody's still."""
    reply = fresh.rest("POST", "/api/onboarding/users", body, token=None)

    assert (reply.status_code, reply.json()) == (400, {"message": message})
    assert fresh.auth.owner() is None


def test_a_home_that_has_lost_its_users_is_taken_over_anew() -> None:
    """Whatever steps were done before."""
    with home_server(with_users=False) as server:
        server.home.storage.save("onboarding", ["user", "core_config", "analytics", "integration"])
        steps = server.rest("GET", "/api/onboarding", token=None).json()
        assert [step["done"] for step in steps] == [False, True, True, True]
        assert server.rest("POST", "/api/onboarding/users", OWNER, token=None).status_code == 200
        assert server.rest("POST", "/api/onboarding/users", OWNER, token=None).status_code == 403


def test_a_client_may_ask_whether_a_part_is_loaded(fresh: HomeServer) -> None:
    """At once, since all are."""
    for domain, loaded in (("recorder", True), ("nonsense", False)):
        reply = fresh.rest("POST", "/api/onboarding/integration/wait", {"domain": domain}, token=None)
        assert reply.json() == {"integration_loaded": loaded}


@pytest.fixture(scope="module")
def fresh() -> object:
    with home_server(with_users=False) as server:
        yield server
