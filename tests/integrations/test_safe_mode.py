"""The last steps of recovery, with real files: settings are lost, a backup is offered, or the home begins anew."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from marge.backup import staging
from marge.config import load_home
from marge.domains.backup import AGENT, Backups
from marge.model import Event
from tests.storage.test_salvage import damage, pages_of
from tests.support.home import HomeServer, QuietHome, keeping_problems
from tests.support.waiting import until

FIX = "/api/repairs/issues/fix"
LOST = "/api/onboarding/lost"
ROWS = 400


@contextmanager
def home_in(path: Path) -> Iterator[HomeServer]:
    """A home whose files stay; its owner has a token, if there is an owner."""
    with keeping_problems():
        config = load_home(path, {})
        marge = dataclasses.replace(
            config.marge, http_host="127.0.0.1", http_port=0, frontend="basic", db_path=path / "marge.db"
        )
        running = QuietHome(dataclasses.replace(config, marge=marge))
        try:
            running.start()
            server = HomeServer(running)
            owner = server.auth.owner()
            if owner is not None:
                server.admin_token = server.auth.create_long_lived(owner, "after", namesake=True)[0]
            yield server
        finally:
            running.stop()


def backups_of(server: HomeServer) -> Backups:
    found: Backups = server.home.shared["backup"]
    return found


def things(server: HomeServer) -> int:
    return len(server.home.storage.load_all("thing/"))


def lost_of(server: HomeServer) -> Any:
    """What somebody without a log-in is told of the home that was here before."""
    return server.rest("GET", LOST, token=None).json()["lost"]


def issue_of(server: HomeServer) -> Any:
    return server.home.registries.issues.find("homeassistant", "settings_lost")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A home with a backup under a password, whose settings were damaged afterwards."""
    (tmp_path / "configuration.yaml").write_text("homeassistant: {name: Kept}\n")
    with home_in(tmp_path) as server:
        server.add_users()
        server.home.registries.areas.create("Attic")
        server.home.registries.flush()
        server.home.storage.save_many({f"thing/{number}": {"text": "x" * 200} for number in range(ROWS)})
        backup_id, making = backups_of(server).create([AGENT], password="right")
        assert making.get() and not server.home.shared.get("safe_mode")
    damage(tmp_path / "marge.db", pages_of(tmp_path / "marge.db", "key_value")[2:12])
    return tmp_path


def test_a_backup_is_offered_and_brings_everything_back(path: Path) -> None:
    """The home goes on meanwhile and says so, also after a restart; a wrong password replaces nothing."""
    with home_in(path) as server:
        assert things(server) < ROWS and issue_of(server).is_fixable
        assert server.rest("GET", "/api/config").json()["safe_mode"] is True
        assert server.rest("GET", "/api/backups/status").json()["safe_mode"] is True
    with home_in(path) as server:
        form = server.rest("POST", FIX, {"handler": "homeassistant", "issue_id": "settings_lost"}).json()
        fields = {each["name"]: each for each in form["data_schema"]}
        [newest, none] = fields["backup"]["selector"]["select"]["options"]
        assert none["value"] == "none" and "(password)" in newest["label"]
        assert "key_value" in form["description_placeholders"]["lost"]
        flow = f"{FIX}/{form['flow_id']}"
        wrong = server.rest("POST", flow, {"backup": newest["value"], "password": "wrong"}).json()
        assert wrong["errors"] == {"password": "wrong_password"} and staging.waiting(path) is None
        restarted: list[bool] = []
        server.running.restart = lambda: restarted.append(True)  # type: ignore[method-assign]
        done = server.rest("POST", flow, {"backup": newest["value"], "password": "right"}).json()
        assert done["type"] == "create_entry"
        until(lambda: restarted, what="the restart")
    result = staging.carry_out(path)
    assert result is not None and result.problem is None
    with home_in(path) as server:
        assert things(server) == ROWS and issue_of(server) is None
        assert [area.name for area in server.home.registries.areas.all()].count("Attic") == 1
        assert server.rest("GET", "/api/config").json()["safe_mode"] is False


def test_a_backup_of_the_damaged_home_is_not_offered_first(path: Path) -> None:
    """It is there for whoever wants it, and says what it is; no old one is deleted for it meanwhile."""
    with home_in(path) as server:
        backups = backups_of(server)
        backups.update_config(create_backup={"agent_ids": [AGENT]}, retention={"copies": 1, "days": None})
        for _ in range(2):
            assert backups.create_automatic()[1].get()
        form = server.rest("POST", FIX, {"handler": "homeassistant", "issue_id": "settings_lost"}).json()
        [field] = [each for each in form["data_schema"] if each["name"] == "backup"]
        labels = [each["label"] for each in field["selector"]["select"]["options"]]
        assert ["after the loss" in each for each in labels] == [False, False, True, True]
        assert "(password)" in labels[0] and field["default"] == field["selector"]["select"]["options"][0]["value"]
        assert len(backups.all()) == 3


def test_somebody_may_say_that_it_shall_go_on_without(path: Path) -> None:
    """Then it is an ordinary home with what could be read, and clients hear that its settings say so."""
    with home_in(path) as server:
        heard: list[Event] = []
        server.home.bus.subscribe(heard.append, "core_config_updated")
        form = server.rest("POST", FIX, {"handler": "homeassistant", "issue_id": "settings_lost"}).json()
        done = server.rest("POST", f"{FIX}/{form['flow_id']}", {"backup": "none"}).json()
        assert done["type"] == "create_entry" and issue_of(server) is None and heard
    with home_in(path) as server:
        assert issue_of(server) is None and not server.home.shared.get("safe_mode")
        assert 0 < things(server) < ROWS


def test_damaged_history_is_no_reason_for_safe_mode(tmp_path: Path) -> None:
    """Registries and settings are whole; what is lost of the past is told, and nobody has to decide anything."""
    (tmp_path / "configuration.yaml").write_text("")
    with home_in(tmp_path) as server:
        server.home.registries.areas.create("Attic")
    with sqlite3.connect(tmp_path / "marge.db") as database:
        database.execute("INSERT INTO entities (id, entity_id) VALUES (9000, 'sensor.much')")
        rows = [(9000, number, "x" * 60) for number in range(4000)]
        database.executemany("INSERT INTO states (entity, updated_us, state) VALUES (?, ?, ?)", rows)
    database.close()
    pages = pages_of(tmp_path / "marge.db", "states")
    damage(tmp_path / "marge.db", pages[len(pages) // 2 : len(pages) // 2 + 3])
    with home_in(tmp_path) as server:
        issues = {issue.issue_id for issue in server.home.registries.issues.active()}
        assert "database_damaged" in issues and "settings_lost" not in issues
        assert "Attic" in [area.name for area in server.home.registries.areas.all()]


def test_what_is_no_database_any_more_is_a_fresh_start_that_offers_the_backup(path: Path) -> None:
    """The last step: an empty home that waits for its owner, and the command line brings the old one back."""
    (path / "marge.db").write_bytes(b"\0" * 100_000)
    with home_in(path) as server:
        assert things(server) == 0 and server.auth.owner() is None
        assert json.loads(server.rest("GET", "/api/onboarding", token=None).text)[0]["done"] is False
        assert issue_of(server) is not None
        [backup] = backups_of(server).all()
    with home_in(path) as server:  # whoever is asked to begin anew is told why, also after a restart
        lost = lost_of(server)
        assert lost["reason"] == "damaged" and (path / lost["file"]).is_file()
        [offered] = lost["backups"]
        assert offered == {**{key: backup[key] for key in ("backup_id", "name", "date")}, "protected": True}
        server.add_users()
        assert server.rest("GET", LOST, token=None).status_code == 401
    staging.stage(path, path / "marge.db", path / "backups" / f"{backup['backup_id']}.tar", "right")
    result = staging.carry_out(path)
    assert result is not None and result.problem is None
    with home_in(path) as server:
        assert things(server) == ROWS and server.auth.owner() is not None and issue_of(server) is None


def test_a_database_that_is_not_there_any_more_is_missed(path: Path) -> None:
    """A disk that was not mounted, say: the backups of another home tell that there was one."""
    (path / "marge.db").unlink()
    with home_in(path) as server:
        lost = lost_of(server)
        assert (lost["reason"], lost["file"]) == ("missing", "marge.db") and len(lost["backups"]) == 1
        backups_of(server).create([AGENT])[1].get()
        assert len(lost_of(server)["backups"]) == 1  # one of the new home is none of the old


def test_a_first_start_misses_nothing(tmp_path: Path) -> None:
    """Also when the new home has a backup already."""
    (tmp_path / "configuration.yaml").write_text("")
    with home_in(tmp_path) as server:
        assert lost_of(server) is None
        assert backups_of(server).create([AGENT])[1].get()
    with home_in(tmp_path) as server:
        assert lost_of(server) is None


def test_a_restore_that_fails_at_the_start_is_told(tmp_path: Path) -> None:
    """The home is as it was, and says why: here the restore has waited for too long."""
    (tmp_path / "configuration.yaml").write_text("")
    with home_in(tmp_path) as server:
        server.add_users()
        server.home.registries.flush()
        _id, making = backups_of(server).create([AGENT], name="Mine")
        assert making.get()
        server.home.storage.save("thing/later", {"a": 1})
        [path] = backups_of(server).folder.glob("*.tar")
    staging.stage(tmp_path, tmp_path / "marge.db", path, now=time.time() - 2 * staging.EXPIRES_S)
    result = staging.carry_out(tmp_path)
    assert result is not None and result.problem is not None
    with home_in(tmp_path) as server:
        assert things(server) == 1
        issue = server.home.registries.issues.find("homeassistant", "restore_failed")
        assert issue is not None and (issue.translation_placeholders or {})["name"] == "Mine"
        assert "waited" in server.rest("GET", "/api/backups/status").json()["problem"]
