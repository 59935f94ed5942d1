"""A home without an owner becomes one that was backed up: what is taken, what is refused, and when it is over."""

from __future__ import annotations

import gzip
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from marge.backup import staging, write
from marge.domains.backup import AGENT, Backups
from marge.errors import HomeError
from marge.http.limits import Limits
from marge.http.rest import onboarding_backup
from tests.backup.test_hostile import packed, wrapped
from tests.http.support import RawClient
from tests.integrations.test_safe_mode import home_in, lost_of
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, home_server
from tests.support.waiting import until

MB = 1 << 20
BACKUP = "/api/onboarding/backup"
UPLOAD = f"{BACKUP}/upload?agent_id={AGENT}"
OWNER = {"client_id": CLIENT_ID, "name": "Ann", "username": "ann", "password": PASSWORD, "language": "en"}
SECRET = "of the backup"


@pytest.fixture(scope="module")
def other() -> Iterator[HomeServer]:
    """Another home, with an owner."""
    with home_server("homeassistant: {name: Elsewhere}\n") as server:
        yield server


@pytest.fixture(scope="module")
def archives(other: HomeServer) -> dict[str, bytes]:
    """Backups of it, by name: `plain` and `sealed`."""
    backups = manager(other)
    found = {}
    for name, password in (("plain", None), ("sealed", SECRET)):
        backup_id, making = backups.create([AGENT], name=name, password=password)
        assert making.get()
        found[name] = (backups.folder / f"{backup_id}.tar").read_bytes()
        backups.delete(backup_id)
    return found


@pytest.fixture(scope="module")
def fresh() -> Iterator[HomeServer]:
    """A home where nobody has been; it stays so."""
    with home_server(with_users=False) as server:
        yield server


@pytest.fixture
def restarts() -> list[bool]:
    """Grows with each restart of `own`."""
    return []


@pytest.fixture
def own(restarts: list[bool]) -> Iterator[HomeServer]:
    """Another one, for one test alone. It does not restart, and says so."""
    with home_server(with_users=False) as server:
        server.running.restart = lambda: restarts.append(True)  # type: ignore[method-assign]
        yield server


def manager(home: HomeServer) -> Backups:
    backups: Backups = home.home.shared["backup"]
    return backups


def send(home: HomeServer, data: bytes, **headers: str) -> requests.Response:
    return requests.post(home.url + UPLOAD, files={"file": ("b.tar", data)}, headers=headers, timeout=60)


def sent(home: HomeServer, data: bytes) -> str:
    """Its id."""
    answer = send(home, data)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["backup_id"]
    return found


def restore(home: HomeServer, backup_id: str, **more: Any) -> requests.Response:
    return home.rest("POST", f"{BACKUP}/restore", {"backup_id": backup_id, "agent_id": AGENT, **more}, token=None)


def ask(home: HomeServer, what: str) -> Any:
    return home.rest("GET", f"{BACKUP}/{what}", token=None).json()


def is_untouched(home: HomeServer) -> bool:
    """Nothing waits for the next start, and nothing is left of what was sent."""
    drafts = [each for each in manager(home).folder.glob("*") if each.suffix in write.DRAFTS]
    return staging.waiting(home.home.config.config_dir) is None and not drafts and manager(home).state == "idle"


def test_a_backup_is_sent_listed_and_made_ready(
    own: HomeServer, archives: dict[str, bytes], restarts: list[bool]
) -> None:
    """As Home Assistant's clients ask for it; then the home restarts, and nobody becomes its owner meanwhile."""
    assert ask(own, "info") == {"backups": [], "state": "idle", "last_action_event": None}
    assert ask(own, "status")["most_bytes"] > MB
    backup_id = sent(own, archives["sealed"])
    found = ask(own, "info")
    [shown] = found["backups"]
    assert (shown["backup_id"], shown["name"], shown["agents"][AGENT]["protected"]) == (backup_id, "sealed", True)
    assert lost_of(own) is None  # it came from elsewhere: no home was here before
    assert restore(own, backup_id, password=SECRET).status_code == 200
    status = ask(own, "status")
    assert (status["state"], status["last"]["state"]) == ("restore_backup", "core_restart")
    refused = own.rest("POST", "/api/onboarding/users", OWNER, token=None)
    assert refused.status_code == 503 and "restored" in refused.json()["message"]
    until(lambda: restarts, what="the restart")
    plan = staging.waiting(own.home.config.config_dir)
    assert plan is not None and plan.backup_id == backup_id and plan.settings and plan.history


def test_a_wrong_password_says_so_and_guessing_is_ended(own: HomeServer, archives: dict[str, bytes]) -> None:
    """As at the log-in: the address waits, also with the right one."""
    backup_id = sent(own, archives["sealed"])
    for _ in range(12):  # a question without a password is no guess
        assert restore(own, backup_id).json()["code"] == "incorrect_password"
    for _ in range(9):
        answer = restore(own, backup_id, password="guess")
        assert (answer.status_code, answer.json()["code"]) == (400, "incorrect_password")
    for password in ("guess", SECRET):
        answer = restore(own, backup_id, password=password)
        assert answer.status_code == 403 and int(answer.headers["Retry-After"]) > 60
    assert is_untouched(own)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def changed(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("harm", [cut, changed, lambda _data: b"nonsense", lambda _data: b"", gzip.compress])
def test_what_is_no_whole_backup_is_not_kept(
    fresh: HomeServer, archives: dict[str, bytes], harm: Callable[[bytes], bytes]
) -> None:
    """400 with the reason."""
    before = ask(fresh, "info")["backups"]
    answer = send(fresh, harm(archives["plain"]))
    assert answer.status_code == 400 and "cannot be kept as a backup" in answer.json()["message"]
    assert is_untouched(fresh) and ask(fresh, "info")["backups"] == before


@pytest.mark.parametrize("kind", ["leads elsewhere", "is a bomb"])
def test_a_hostile_archive_is_refused_and_replaces_nothing(fresh: HomeServer, tmp_path: Path, kind: str) -> None:
    """As on the page of settings: every name and size is looked at before anything is put anywhere."""
    if kind == "leads elsewhere":
        path = packed(tmp_path, [(tarfile.TarInfo("config/../../outside"), b"x")])
    else:
        path = wrapped(tmp_path, gzip.compress(bytes(40 * MB)))
    backup_id = sent(fresh, path.read_bytes())
    try:
        answer = restore(fresh, backup_id)
        assert (answer.status_code, answer.json()["code"]) == (400, "restore_failed")
        assert "cannot be used" in answer.json()["message"] and is_untouched(fresh)
    finally:
        manager(fresh).delete(backup_id)


def test_no_backup_gives_way_to_one_that_a_stranger_sends(
    fresh: HomeServer, archives: dict[str, bytes], tmp_path: Path
) -> None:
    """One of the same id is refused, unless it is the same."""
    backup_id = sent(fresh, archives["plain"])
    kept = manager(fresh).path(backup_id)
    assert kept is not None
    one, forged = (packed(tmp_path, [(tarfile.TarInfo("config/x.yaml"), data)]).read_bytes() for data in (b"1", b"2"))
    taken = sent(fresh, one)
    answer = send(fresh, forged)
    assert answer.status_code == 400 and "lies here already" in answer.json()["message"]
    path = manager(fresh).path(taken)
    assert path is not None and path.read_bytes() == one
    assert sent(fresh, archives["plain"]) == backup_id and kept.read_bytes() == archives["plain"]
    for each in (backup_id, taken):
        manager(fresh).delete(each)


def test_only_so_many_are_taken(fresh: HomeServer, archives: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is known who could be asked to stop."""
    backup_id = sent(fresh, archives["plain"])
    monkeypatch.setattr(onboarding_backup, "MOST_SENT", 1)
    assert send(fresh, archives["sealed"]).status_code == 400
    manager(fresh).delete(backup_id)
    manager(fresh).delete(sent(fresh, archives["sealed"]))


def test_once_there_is_an_owner_all_of_it_is_closed(other: HomeServer, archives: dict[str, bytes]) -> None:
    """401, whoever asks; a large file is refused before it has come."""
    for what in ("info", "status"):
        assert other.rest("GET", f"{BACKUP}/{what}", token=None).status_code == 401
        assert other.rest("GET", f"{BACKUP}/{what}").status_code == 401
    assert send(other, archives["plain"]).status_code == 401
    assert restore(other, "abc").status_code == 401
    assert large(other) == 401
    assert is_untouched(other) and manager(other).all() == []


def large(home: HomeServer, length: int = 17 * MB, more: str = "") -> int:
    """The status of an upload whose length is announced."""
    with RawClient(home) as client:
        return client.ask(head(length, more))[0]


def head(length: int, more: str = "") -> bytes:
    return f"POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def test_large_files_go_to_the_disk_one_at_a_time(fresh: HomeServer, archives: dict[str, bytes]) -> None:
    """Up to the same size as those that an administrator sends; nothing is left of one that broke off."""
    folder = manager(fresh).folder
    with RawClient(fresh) as client:
        client.send(head(17 * MB, "Content-Type: multipart/form-data; boundary=b\r\n") + bytes(MB))
        until(lambda: list(folder.glob("*.upload")), what="the beginning of the file")
        assert large(fresh) == 503
    until(lambda: not list(folder.glob("*.upload")), what="nothing to be left")
    assert large(fresh, Limits().max_large_body + 1) == 413
    backup_id = sent(fresh, archives["plain"] + bytes(17 * MB))  # what follows the end of a tar does not count
    manager(fresh).delete(backup_id)
    assert is_untouched(fresh)


def test_a_full_disk_is_said(fresh: HomeServer, archives: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a large file comes, and where a small one does not fit."""
    monkeypatch.setattr("marge.http.dispatch.enough_space", lambda _folder, _size: False)
    assert large(fresh) == 507

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("marge.http.rest.backup.save_uploaded", full)
    answer = send(fresh, archives["plain"])
    assert answer.status_code == 507 and "No space left" in answer.json()["message"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_pages_of_other_sites_are_refused(fresh: HomeServer, headers: dict[str, str]) -> None:
    """A browser can be made to send a file or a text without being asked; the page itself may."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    assert send(fresh, b"x", **headers).status_code == 403
    assert large(fresh, more=lines) == 403
    body = {"backup_id": "abc", "agent_id": AGENT}
    for given, status in ((headers, 403), ({"Origin": fresh.url}, 400), ({"Sec-Fetch-Site": "same-origin"}, 400)):
        answer = fresh.rest("POST", f"{BACKUP}/restore", body, token=None, headers=given)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "body, message",
    [
        (b"{", "Invalid JSON."),
        ({"agent_id": AGENT}, "required key not provided @ data['backup_id']"),
        ({"backup_id": "abc", "agent_id": AGENT, "password": 1}, "data['password']"),
        ({"backup_id": "abc", "agent_id": AGENT}, "Backup abc not found"),
        ({"backup_id": "../x", "agent_id": AGENT}, "not found"),
        ({"backup_id": "abc", "agent_id": "cloud"}, "Invalid agent selected: cloud"),
        ({"backup_id": "abc", "agent_id": AGENT, "restore_folders": [1]}, "data['restore_folders']"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(fresh: HomeServer, body: Any, message: str) -> None:
    """400 in Home Assistant's words."""
    answer = fresh.rest("POST", f"{BACKUP}/restore", body, token=None)
    assert answer.status_code == 400 and message in answer.json()["message"]
    assert is_untouched(fresh)


def test_a_home_that_gets_its_owner_meanwhile_is_not_restored(
    own: HomeServer, archives: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, restarts: list[bool]
) -> None:
    """Large backups take their time: whoever has made an account by then keeps it."""
    backups, backup_id = manager(own), sent(own, archives["plain"])
    attempt = backups._attempt

    def with_somebody_coming(function: Callable[..., Any], *args: Any) -> Any:
        result = attempt(function, *args)
        own.add_users()
        return result

    monkeypatch.setattr(backups, "_attempt", with_somebody_coming)
    assert restore(own, backup_id).status_code == 401
    assert is_untouched(own) and not restarts


def test_what_is_not_wanted_any_more_does_not_restart_the_home(
    own: HomeServer, archives: dict[str, bytes], restarts: list[bool]
) -> None:
    """It is asked once more right before the restart."""
    backups, backup_id = manager(own), sent(own, archives["plain"])
    with pytest.raises(HomeError):
        backups.restore(backup_id, AGENT, wanted=lambda: False)
    assert is_untouched(own)
    answers = [False, True]
    backups.restore(backup_id, AGENT, wanted=answers.pop)
    until(lambda: is_untouched(own), what="the end of it")
    assert not answers and not restarts and ask(own, "status")["last"]["state"] == "failed"


def test_who_comes_before_the_home_is_set_up_is_told_to_come_again(
    fresh: HomeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The front door opens first."""
    monkeypatch.delitem(fresh.home.shared, "backup")
    for what in ("info", "status"):
        answer = fresh.rest("GET", f"{BACKUP}/{what}", token=None)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_restore_that_failed_at_the_start_is_told(tmp_path: Path, archives: dict[str, bytes]) -> None:
    """The home is as it was, without an owner, and whoever waits for it hears why."""
    (tmp_path / "configuration.yaml").write_text("")
    with home_in(tmp_path) as server:
        path = manager(server).folder / f"{sent(server, archives['plain'])}.tar"
    staging.stage(tmp_path, tmp_path / "marge.db", path, now=time.time() - 2 * staging.EXPIRES_S)
    assert staging.carry_out(tmp_path) is not None
    with home_in(tmp_path) as server:
        status = ask(server, "status")
        assert (status["last"]["manager_state"], status["last"]["state"]) == ("restore_backup", "failed")
        assert "waited" in status["problem"] and ask(server, "info")["last_action_event"] == status["last"]
        assert lost_of(server) is None and restore(server, path.stem).status_code == 200
