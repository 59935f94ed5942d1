"""A machine where nobody has been becomes the home of a backup, over HTTP alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from marge.domains.backup import AGENT
from tests.support.server import Server, server_in

pytestmark = pytest.mark.system

CONFIGURATION = "input_boolean: {then: null}\nmarge: {broker: none}\n"
BACKUP = "/api/onboarding/backup"
CLIENT_ID = "http://127.0.0.1:8123/"
OWNER = {"name": "Ann", "username": "ann", "password": "a long enough password"}
SECRET = "of the backup"


def backup_of_another_home(folder: Path) -> Path:
    """Made by a server that has an owner and has ended; it opens with `SECRET`."""
    with server_in(folder) as server:
        server.write(configuration=CONFIGURATION)
        server.start()
        answer = requests.post(
            f"{server.url}/api/onboarding/users", json={**OWNER, "client_id": CLIENT_ID, "language": "en"}, timeout=60
        )
        assert answer.status_code == 200
        server.wait_for(lambda: server.get("/api/config")["state"] == "RUNNING", what="all parts of the home")
        server.post("/api/backups", {"name": "Then", "password": SECRET})
        server.wait_for(lambda: server.get("/api/backups/status")["state"] == "idle", what="the backup")
        [path] = (server.home / "backups").glob("*.tar")
        assert server.terminate()[0] == 0
    return path


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    with server_in(tmp_path / "fresh") as server:
        server.write(configuration="marge: {broker: none}\n")
        server.start()
        yield server


def test_a_fresh_home_becomes_the_one_of_a_backup(fresh: Server, tmp_path: Path) -> None:
    """Sent, refused with a wrong password, restored: the same process begins anew, and its user logs in."""
    path = backup_of_another_home(tmp_path / "other")

    def status_of(what: str) -> int:
        try:
            return requests.get(f"{fresh.url}{BACKUP}/{what}", timeout=60).status_code
        except requests.ConnectionError:
            return 0  # between two lives

    def restore(password: str) -> requests.Response:
        body = {"backup_id": path.stem, "agent_id": AGENT, "password": password}
        return requests.post(f"{fresh.url}{BACKUP}/restore", json=body, timeout=120)

    fresh.wait_for(lambda: status_of("info") == 200, what="the home to be set up")
    with path.open("rb") as file:
        sent = requests.post(f"{fresh.url}{BACKUP}/upload?agent_id={AGENT}", files={"file": file}, timeout=120)
    assert (sent.status_code, sent.json()) == (201, {"backup_id": path.stem})
    assert restore("wrong").json()["code"] == "incorrect_password"
    pid = fresh.pid
    assert restore(SECRET).status_code == 200

    fresh.wait_for(lambda: status_of("status") == 401, what="the owner of the backup")
    fresh.wait_for(lambda: fresh.state("input_boolean.then"), what="the helper of then")
    assert fresh.pid == pid and "then" in (fresh.home / "configuration.yaml").read_text()
    assert logged_in(fresh)["type"] == "create_entry"
    fresh.wait_for(
        lambda: (fresh.get("/api/backups/status")["last"] or {}).get("state") == "completed", what="word of it"
    )
    assert restore(SECRET).status_code == 401


def logged_in(server: Server) -> Any:
    """What a log-in of the backup's owner leads to."""
    flow = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
    began = requests.post(f"{server.url}/auth/login_flow", json=flow, timeout=60).json()
    answer = {"client_id": CLIENT_ID, "username": OWNER["username"], "password": OWNER["password"]}
    return requests.post(f"{server.url}/auth/login_flow/{began['flow_id']}", json=answer, timeout=60).json()
