"""`/api/backups`: what scripts do with backups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyrage
import pytest

from marge.backup import staging
from marge.domains.backup import Backups
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

KEY = pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home whose backups are sealed to a public key, when they have no password."""
    with home_server(f"backup: {{recipients: [{KEY.to_public()}], keep: {{daily: 7, monthly: 12}}}}\n") as server:
        yield server


def status(home: HomeServer) -> dict[str, Any]:
    found: dict[str, Any] = home.rest("GET", "/api/backups/status").json()
    return found


def make(home: HomeServer, **wanted: object) -> str:
    answer = home.rest("POST", "/api/backups", wanted)
    assert answer.status_code == 202
    until(lambda: status(home)["state"] == "idle", what="the backup")
    made: str = answer.json()["backup_id"]
    return made


def test_who_comes_before_the_home_is_set_up_is_told_to_come_again(
    home: HomeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The front door opens first; what a request needs of the home may not be there yet."""
    monkeypatch.delitem(home.home.shared, "backup")
    for method, path in (("GET", "/api/backups"), ("POST", "/api/backups"), ("GET", "/api/backups/status")):
        answer = home.rest(method, path, {} if method == "POST" else None)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "backup" in answer.json()["message"]
    with home.websocket() as client:
        refused = client.command("backup/info")
        assert refused["error"]["code"] == "home_assistant_error" and "backup" in refused["error"]["message"]


def test_one_is_made_checked_and_deleted(home: HomeServer) -> None:
    """Sealed to the key of the files; `verify` says what is in it."""
    made = make(home, name="Script's", include_database=False)
    [shown] = home.rest("GET", "/api/backups").json()
    assert (shown["backup_id"], shown["name"]) == (made, "Script's") and shown["agents"]["backup.local"]["protected"]
    found = status(home)
    assert found["last"]["state"] == "completed" and found["done_bytes"] == found["total_bytes"] > 0
    assert found["problem"] is None and found["safe_mode"] is False and found["waiting_restore"] is None
    path = f"/api/backups/{made}"
    assert home.rest("POST", f"{path}/verify", {"password": str(KEY)}).json()["database"] is True
    for wrong in ({}, {"password": "x"}, {"password": str(pyrage.x25519.Identity.generate())}):
        answer = home.rest("POST", f"{path}/verify", wrong)
        assert answer.status_code == 400 and "incorrect" in answer.json()["message"]
    assert home.rest("DELETE", path).json() == {"result": "ok"}
    assert home.rest("DELETE", path).status_code == 404


def test_a_password_comes_before_the_key(home: HomeServer) -> None:
    """It is what was wanted for that one."""
    made = make(home, password="right")
    assert home.rest("POST", f"/api/backups/{made}/verify", {"password": "right"}).status_code == 200
    home.rest("DELETE", f"/api/backups/{made}")


def test_a_restore_is_checked_and_made_ready(home: HomeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a wrong key or a damaged file nothing waits, and the reason is told."""
    made = make(home)
    restarted: list[bool] = []
    monkeypatch.setattr(home.running, "restart", lambda: restarted.append(True))
    path, config_dir = f"/api/backups/{made}/restore", home.home.config.config_dir
    assert home.rest("POST", path, {"password": "wrong"}).status_code == 400
    assert status(home)["last"]["reason"] == "password_incorrect" and staging.waiting(config_dir) is None
    backups: Backups = home.home.shared["backup"]
    file = backups.path(made)
    assert file is not None
    good = file.read_bytes()
    file.write_bytes(good[:5000] + b"\0" + good[5001:])
    answer = home.rest("POST", path, {"password": str(KEY)})
    assert answer.status_code == 400 and "cannot be used" in answer.json()["message"]
    assert "cannot be used" in status(home)["problem"] and staging.waiting(config_dir) is None

    file.write_bytes(good)
    assert home.rest("POST", path, {"password": str(KEY)}).json() == {"result": "ok"}
    found = status(home)
    assert found["state"] == "restore_backup" and found["percent"] == 100
    assert found["waiting_restore"]["backup_id"] == made
    until(lambda: restarted, what="the restart")
    staging.discard(config_dir)
    backups.progress.end("completed")


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "", {"name": 1}, 400), ("POST", "", {"media": "yes"}, 400), ("POST", "", {"more": 1}, 400),
        ("POST", "", [], 400), ("POST", "/none/verify", {}, 404), ("POST", "/none/restore", {}, 404),
        ("DELETE", "/..secrets", None, 404), ("POST", "/none/restore", {"restore_database": 1}, 400),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(home: HomeServer, method: str, path: str, body: Any, code: int) -> None:
    """With words."""
    answer = home.rest(method, f"/api/backups{path}", body)
    assert answer.status_code == code and answer.json()["message"]


def test_only_administrators(home: HomeServer) -> None:
    """Every secret is in there."""
    for method, path in (("GET", ""), ("GET", "/status"), ("POST", ""), ("POST", "/x/restore"), ("DELETE", "/x")):
        assert home.rest(method, f"/api/backups{path}", token=home.user_token).status_code == 401


def test_a_key_that_is_none_makes_no_open_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen is told on the page of repairs, and no backup lies open because of it."""
    with home_server("backup: {recipients: [age1nonsense], keep: {daily: -1}}\n") as server:
        answer = server.rest("POST", "/api/backups", {})
        assert answer.status_code == 400 and "no public key" in answer.json()["message"]
        issues = {issue.issue_id: issue for issue in server.home.registries.issues.all()}
        told = (issues["config_problems"].translation_placeholders or {})["problems"]
        assert "backup.recipients" in told and "backup.keep" in told and "configuration.yaml:1" in told
