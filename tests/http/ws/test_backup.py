"""Backups over WebSocket and REST: made, listed, downloaded, sent back, deleted; automatic ones by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from marge.backup import read, staging, write
from marge.backup.about import About
from marge.domains.backup import AGENT, Backups
from tests.support.home import HomeServer, WebSocketClient, home_server
from tests.support.waiting import until


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home with a secret."""
    configuration = "homeassistant: {name: Kept, time_zone: UTC}\nbackup:\n"
    with home_server(configuration, files={"secrets.yaml": "wifi: x\n"}) as server:
        (server.home.config.config_dir / "media").mkdir(exist_ok=True)
        (server.home.config.config_dir / "media" / "big.mp4").write_bytes(b"x" * 100)
        yield server


@pytest.fixture
def client(home: HomeServer) -> Iterator[WebSocketClient]:
    """The administrator; no backup is left over afterwards."""
    with home.websocket() as websocket:
        yield websocket
    backups = manager(home)
    until(lambda: backups.state == "idle", what="the last backup")
    for each in backups.all():
        backups.delete(each["backup_id"])


def manager(home: HomeServer) -> Backups:
    backups: Backups = home.home.shared["backup"]
    return backups


def make(home: HomeServer, client: WebSocketClient, **wanted: object) -> str:
    reply = client.command("backup/generate", agent_ids=[AGENT], **wanted)
    assert reply["success"], reply
    until(lambda: manager(home).state == "idle", what="the backup")
    made: str = reply["result"]["backup_job_id"]
    return made


def download(home: HomeServer, backup_id: str) -> requests.Response:
    return home.rest("GET", f"/api/backup/download/{backup_id}?agent_id={AGENT}")


def test_a_backup_is_listed_and_downloaded_whole(home: HomeServer, client: WebSocketClient, tmp_path: Path) -> None:
    """What is in it is `tests/backup`'s matter."""
    backup_id = make(home, client, name="B1", include_database=False)
    [shown] = client.command("backup/info")["result"]["backups"]
    reply = download(home, backup_id)
    (tmp_path / "b.tar").write_bytes(reply.content)
    holding = read.verify(tmp_path / "b.tar")

    assert (shown["backup_id"], shown["name"], shown["agents"][AGENT]["size"]) == (backup_id, "B1", len(reply.content))
    assert shown["database_included"] is False
    assert reply.headers["Content-Disposition"] == f"attachment; filename={backup_id}.tar"
    assert {"configuration.yaml", "secrets.yaml"} <= set(holding.files) and holding.database


def test_a_protected_backup_opens_with_its_password_only(
    home: HomeServer, client: WebSocketClient, tmp_path: Path
) -> None:
    """It can be asked for, and be downloaded without it."""
    backup_id = make(home, client, password="right")
    [shown] = client.command("backup/info")["result"]["backups"]
    assert shown["agents"][AGENT]["protected"] is True
    query = {"backup_id": backup_id, "agent_id": AGENT}
    assert client.command("backup/can_decrypt_on_download", **query, password="right")["success"]
    for kind in ("can_decrypt_on_download", "restore"):
        error = client.command(f"backup/{kind}", **query, password="wrong")["error"]
        assert error == {"code": "password_incorrect", "message": "Incorrect password"}
    path = f"/api/backup/download/{backup_id}?agent_id={AGENT}&password="
    assert home.rest("GET", path + "wrong").status_code == 400
    (tmp_path / "open.tar").write_bytes(home.rest("GET", path + "right").content)
    assert read.verify(tmp_path / "open.tar").about.protected is False
    assert len(list(manager(home).folder.iterdir())) == 1


def test_a_backup_that_was_downloaded_can_be_sent_back(home: HomeServer, client: WebSocketClient) -> None:
    """Nonsense is refused."""
    backup_id = make(home, client)
    data = download(home, backup_id).content
    client.command("backup/delete", backup_id=backup_id)
    assert client.command("backup/details", backup_id=backup_id)["result"]["backup"] is None
    headers = {"Authorization": f"Bearer {home.admin_token}"}

    def send(content: bytes, query: str = f"?agent_id={AGENT}") -> requests.Response:
        url = f"{home.url}/api/backup/upload{query}"
        return requests.post(url, headers=headers, files={"file": ("b.tar", content)}, timeout=60)

    assert send(data).json() == {"backup_id": backup_id}
    assert client.command("backup/details", backup_id=backup_id)["result"]["backup"]["backup_id"] == backup_id
    assert send(b"nonsense").status_code == 400
    assert send(data, "").status_code == 400
    assert not list(manager(home).folder.glob("*.draft"))


def test_automatic_backups_are_made_and_the_oldest_go(home: HomeServer, client: WebSocketClient) -> None:
    """With what people chose, at the time they chose; those made by hand stay."""
    by_hand = make(home, client, name="Mine")
    wanted = {"agent_ids": [AGENT], "include_database": False}
    schedule = {"recurrence": "custom_days", "days": ["mon"], "time": "03:30"}
    assert client.command(
        "backup/config/update", create_backup=wanted, schedule=schedule, retention={"copies": 2, "days": None}
    )["success"]
    shown = client.command("backup/config/info")["result"]["config"]
    assert shown["next_automatic_backup"].partition("T")[2].startswith("03:30:00")
    assert shown["create_backup"]["include_all_addons"] is False
    for _ in range(3):
        assert client.command("backup/generate_with_automatic_settings")["success"]
        until(lambda: manager(home).state == "idle", what="the backup")

    found = client.command("backup/info")["result"]
    assert [each["with_automatic_settings"] for each in found["backups"]] == [False, True, True]
    assert found["backups"][0]["backup_id"] == by_hand and found["last_completed_automatic_backup"] is not None
    again = Backups(home.home)
    again.load()
    assert again.config["retention"] == {"copies": 2, "days": None} and again.config["next_automatic_backup"]
    client.command("backup/config/update", schedule={"recurrence": "never", "days": []}, retention=None)
    assert client.command("backup/config/info")["result"]["config"]["next_automatic_backup"] is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"agent_ids": ["cloud"]}, "got ['cloud']"),
        ({"agent_ids": [AGENT], "include_folders": ["ssl"]}, "not supported"),
        ({"agent_ids": []}, "At least one"),
        ({"agent_ids": [AGENT], "include_homeassistant": False}, "must be included"),
    ],
)
def test_what_cannot_be_made_is_refused_and_the_next_can(home: HomeServer, client, fields, text) -> None:
    """A refusal does not leave the manager busy."""
    assert text in client.command("backup/generate", **fields)["error"]["message"]
    make(home, client)


def test_only_administrators_see_backups(home: HomeServer, client: WebSocketClient) -> None:
    """They hold every secret of the home."""
    backup_id = make(home, client, include_database=False)
    with home.websocket(home.user_token) as user:
        for kind in ("info", "agents/info", "config/info", "subscribe_events"):
            assert user.command(f"backup/{kind}")["error"]["code"] == "unauthorized"
    path = f"/api/backup/download/{backup_id}?agent_id={AGENT}"
    assert home.rest("GET", path, token=home.user_token).status_code == 401
    assert home.rest("GET", f"/api/backup/download/..%2fsecrets?agent_id={AGENT}").status_code == 404


def test_a_restore_is_checked_made_ready_and_restarts_the_home(
    home: HomeServer, client: WebSocketClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The restart itself is `tests/system`'s matter. What cannot be restored is refused, and nothing waits."""
    backup_id = make(home, client)
    restarted: list[bool] = []
    monkeypatch.setattr(home.running, "restart", lambda: restarted.append(True))
    config_dir = home.home.config.config_dir
    query = {"backup_id": backup_id, "agent_id": AGENT}
    refusal = client.command("backup/restore", **query, restore_database=False, restore_homeassistant=False)
    assert "must be included" in refusal["error"]["message"]
    assert client.command("backup/info")["result"]["last_action_event"]["reason"] == "backup_manager_error"
    assert staging.waiting(config_dir) is None

    assert client.command("backup/restore", **query)["success"]
    assert client.command("backup/info")["result"]["last_action_event"]["state"] == "core_restart"
    until(lambda: restarted, what="the restart")
    assert staging.waiting(config_dir) is not None
    assert "busy" in client.command("backup/generate", agent_ids=[AGENT])["error"]["message"]
    staging.discard(config_dir)
    manager(home).progress.end("completed")


def test_sensors_say_how_backups_are_doing(home: HomeServer, client: WebSocketClient) -> None:
    """The state, and the times of the automatic ones; known by the ids that HA gives them."""
    assert home.home.states.get("sensor.backup_backup_manager_state").state == "idle"  # type: ignore[union-attr]
    client.command("backup/config/update", schedule={"recurrence": "daily", "time": "03:30"})
    following = "sensor.backup_next_scheduled_automatic_backup"
    until(lambda: home.home.states.get(following).state.endswith("03:30:00+00:00"), what="the time")  # type: ignore
    client.command("backup/config/update", schedule={"recurrence": "never"})
    until(lambda: home.home.states.get(following).state == "unknown", what="no time")  # type: ignore[union-attr]


def test_services_make_backups(home: HomeServer, client: WebSocketClient) -> None:
    """`backup.create` waits until it is there."""
    assert home.rest("POST", "/api/services/backup/create", {}).status_code == 200
    assert len(manager(home).all()) == 1


def test_a_bad_disk_does_not_cost_the_last_good_backup(
    home: HomeServer, client: WebSocketClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one is read back before old ones go; that it is not as it was written is a repair issue."""
    client.command("backup/config/update", create_backup={"agent_ids": [AGENT]}, retention={"copies": 1, "days": None})

    def automatic() -> None:
        assert client.command("backup/generate_with_automatic_settings")["success"]
        until(lambda: manager(home).state == "idle", what="the backup")

    automatic()
    [good] = manager(home).all()
    write_well = write.write

    def write_badly(folder: Path, *more: Any) -> About:
        about = write_well(folder, *more)
        path = write.path_of(folder, about.backup_id)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        return about

    with monkeypatch.context() as patched:
        patched.setattr(write, "write", write_badly)
        automatic()
    assert manager(home).all() == [good]
    issues = home.home.registries.issues
    assert issues.find("backup", "automatic_backup_failed") is not None
    assert "checksum" in (manager(home).progress.problem or "")
    automatic()
    assert good["backup_id"] not in [each["backup_id"] for each in manager(home).all()]
    assert issues.find("backup", "automatic_backup_failed") is None
    client.command("backup/config/update", retention=None)


def test_passwords_stand_in_no_log(
    home: HomeServer, client: WebSocketClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither those that fit nor those that do not, whichever way they come."""
    secret = "correct-horse-battery"
    client.command("backup/config/update", create_backup={"agent_ids": [AGENT], "password": secret})
    backup_id = make(home, client, password=secret)
    path = manager(home).path(backup_id)
    assert path is not None
    for password in (secret, secret + "-not"):
        client.command("backup/can_decrypt_on_download", backup_id=backup_id, agent_id=AGENT, password=password)
        home.rest("GET", f"/api/backup/download/{backup_id}?agent_id={AGENT}&password={password}")
        home.rest("POST", f"/api/backups/{backup_id}/verify", {"password": password})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    home.rest("POST", f"/api/backups/{backup_id}/restore", {"password": secret})
    captured = capsys.readouterr()
    assert secret not in captured.out + captured.err
    assert secret not in home.rest("GET", "/api/error_log").text
    assert secret not in str(client.command("system_log/list"))
    client.command("backup/config/update", create_backup={"password": None})
