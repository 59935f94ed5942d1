"""A backup is put back while the home runs: the process begins anew and comes up as the home was then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket

from tests.support.server import Server, server_in

pytestmark = pytest.mark.system

CONFIGURATION = "input_boolean: {{{name}: null}}\nmarge: {{broker: external, broker_host: 127.0.0.1, broker_port: 1}}\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_in(tmp_path) as server:
        yield server


def test_a_restore_restarts_the_home_as_it_was(server: Server) -> None:
    """The same process id, the files and the settings of then, and word of it in the list of backups."""
    server.write(configuration=CONFIGURATION.format(name="then"))
    server.start()
    server.wait_for(lambda: server.state("input_boolean.then"), what="the helper")
    headers = {"Authorization": f"Bearer {server.token}"}
    made = requests.post(f"{server.url}/api/services/backup/create", json={}, headers=headers, timeout=30)
    assert made.status_code == 200
    server.write(configuration=CONFIGURATION.format(name="now"), other="x: 1\n")
    [backup] = (server.home / "backups").glob("*.tar")

    def ask(number: int, **message: object) -> dict[str, Any]:
        client = websocket.create_connection(server.url.replace("http", "ws") + "/api/websocket", timeout=60)
        client.recv()
        client.send(json.dumps({"type": "auth", "access_token": server.token}))
        client.recv()
        client.send(json.dumps({"id": number, **message}))
        answer: dict[str, Any] = json.loads(client.recv())
        client.close()
        return answer

    pid = server.pid
    assert ask(1, type="backup/restore", backup_id=backup.stem, agent_id="backup.local")["success"]

    server.wait_for(lambda: not (server.home / "other.yaml").exists(), what="the restore")
    server.wait_for(server.answers, what="the server")
    server.wait_for(lambda: server.state("input_boolean.then"), what="the helper of then")
    assert "then" in (server.home / "configuration.yaml").read_text() and server.pid == pid
    told = {"manager_state": "restore_backup", "reason": None, "stage": None, "state": "completed"}
    server.wait_for(
        lambda: ask(2, type="backup/info").get("result", {}).get("last_action_event") == told, what="word of it"
    )
