"""Files of backups over REST: large ones, and the native API's archive there and back."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

import pytest
import requests

from marge.backup import staging, write
from marge.domains.backup import AGENT, Backups
from tests.support.home import HomeServer, home_server

MB = 1 << 20
AUTOMATIONS = "- {id: a1, alias: First, triggers: [], actions: []}\n"


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home with an automation."""
    files = {"automations.yaml": AUTOMATIONS}
    with home_server("automation: !include automations.yaml\nbackup:\n", files=files) as server:
        yield server


def manager(home: HomeServer) -> Backups:
    backups: Backups = home.home.shared["backup"]
    return backups


def test_a_backup_larger_than_any_other_body_can_be_sent(home: HomeServer) -> None:
    """By an administrator; anybody else is refused before the body, and nothing is left of it."""
    backups = manager(home)
    config_dir = home.home.config.config_dir
    (config_dir / "www").mkdir(exist_ok=True)
    (config_dir / "www/noise.bin").write_bytes(b"".join(bytes([i * 7 % 251, i % 256]) * 512 for i in range(20 * 1024)))
    backup_id, making = backups.create([AGENT])
    assert making.get()
    path = backups.path(backup_id)
    assert path is not None
    data = path.read_bytes() + bytes(17 * MB)  # what follows the end of a tar does not count
    path.unlink()

    def send(token: str) -> requests.Response:
        url, headers = f"{home.url}/api/backup/upload?agent_id={AGENT}", {"Authorization": f"Bearer {token}"}
        return requests.post(url, headers=headers, files={"file": ("b.tar", data)}, timeout=30)

    for _ in range(3):  # more than may be sent at the same time
        answer = send(home.admin_token)
        assert (answer.status_code, answer.text) == (201, f'{{"backup_id":"{backup_id}"}}')
    for token in (home.user_token, "none"):
        try:
            assert send(token).status_code == 413
        except requests.ConnectionError:
            pass  # the client was still sending when it was refused
    assert [each.name for each in backups.folder.iterdir()] == [f"{backup_id}.tar"]
    backups.delete(backup_id)


def test_the_native_archive_goes_there_and_back(home: HomeServer) -> None:
    """Files at once, the database at the next start; until then it says so."""
    reply = home.rest("GET", "/api/backup")
    assert reply.headers["Content-Type"] == "application/gzip" and len(reply.content) > 1024
    shown = reply.headers["Content-Disposition"]
    assert shown.startswith('attachment; filename="marge_backup_') and shown.endswith('.tar.gz"')
    with tarfile.open(fileobj=io.BytesIO(reply.content)) as archive:
        assert archive.getnames() == ["marge.db", "automations.yaml"]
    file = home.home.config.config_dir / "automations.yaml"
    file.write_text("[]\n")
    answer = home.rest("POST", "/api/restore", reply.content)

    assert answer.json() == {"result": "ok", "files_restored": 2, "restart_required": True}
    assert file.read_text() == AUTOMATIONS and home.home.states.get("automation.first") is not None
    assert staging.waiting(home.home.config.config_dir) is not None
    staging.discard(home.home.config.config_dir)
    assert not list(manager(home).folder.glob("*"))


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\x1f\x8b" + bytes(100)])
def test_nonsense_is_not_restored(home: HomeServer, body: bytes) -> None:
    """400 with the reason."""
    answer = home.rest("POST", "/api/restore", body)
    assert answer.status_code == 400 and "cannot be used" in answer.json()["message"]
    assert not [each for each in manager(home).folder.glob("*") if each.suffix in write.DRAFTS]


def test_only_administrators_have_the_native_archive(home: HomeServer) -> None:
    """Every secret is in it."""
    assert home.rest("GET", "/api/backup", token=home.user_token).status_code == 401
    assert home.rest("POST", "/api/restore", b"x", token=home.user_token).status_code == 401
