"""What people do with the interface, in a real Chromium against a running demo home: one test a file of `ui/e2e/`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import chromium
from tests.support.server import Server, server_in
from tests.ui.kit import UI, built, node

pytestmark = [
    pytest.mark.ui,
    pytest.mark.system,
    pytest.mark.skipif(chromium() is None, reason="chromium is not installed (make test installs it as root)"),
]
SPECS = sorted(path.name for path in (UI / "e2e").glob("*.spec.ts"))
SETTINGS = {"MARGE_LOG_LEVEL": "warning", "MARGE_FRONTEND": "marge"}
NEW_HOME = "homeassistant:\nmarge: {broker: none}\n"
DOORS = {
    "open": "homeassistant: {name: Open house}\nmarge: {broker: none, auth: {mode: open}}\n",
    "trusted": """
homeassistant:
  auth_providers: [{type: homeassistant}, {type: trusted_networks, trusted_networks: [127.0.0.0/8]}]
marge: {broker: none}
""",
}
"""Homes with other ways in, by the name under which `doors.spec.ts` knows them."""
OWN_HOMES = ("doors.spec.ts", "welcome.spec.ts")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo home with its simulated house."""
    built()
    with server_in(tmp_path_factory.mktemp("demo"), SETTINGS) as server:
        server.use_demo_home()
        server.start()
        server.wait_for(lambda: server.state("light.kitchen"), 60, "the simulated house")
        yield server


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Server]:
    """A home where nobody has been."""
    with server_in(tmp_path, SETTINGS) as server:
        server.write(configuration=NEW_HOME)
        server.start()
        yield server


@pytest.mark.parametrize("spec", [name for name in SPECS if name not in OWN_HOMES])
def test_the_interface(demo: Server, spec: str, tmp_path: Path) -> None:
    """Playwright walks through it: nothing breaks, nothing is refused by the policy, nobody is shut out."""
    print(playwright(spec, demo, tmp_path))


@pytest.mark.skipif("welcome.spec.ts" not in SPECS, reason="there is no such file")
def test_the_first_steps(new_home: Server, tmp_path: Path) -> None:
    """From an empty home to one's own, without a log-in made before."""
    print(playwright("welcome.spec.ts", new_home, tmp_path, {"MARGE_NEW_HOME": "1"}))


def test_a_new_home_becomes_a_restored_one(new_home: Server, tmp_path: Path) -> None:
    """The other way through the first steps: a file with a backup of another home, made by a server of its own."""
    backup = tmp_path / "home of ann.tar"
    with server_in(tmp_path / "other", SETTINGS) as other:
        other.write(configuration="homeassistant: {name: Villa Restored}\nmarge: {broker: none}\n")
        other.start()
        other.wait_for(lambda: other.get("/api/config")["state"] == "RUNNING", what="all parts of the other home")
        owner = {"name": "Ann", "username": "ann", "password": "correct horse battery staple"}
        other.post("/api/onboarding/users", {**owner, "client_id": f"{other.url}/", "language": "en"})
        for step in ("core_config", "analytics"):
            other.post(f"/api/onboarding/{step}")
        other.post("/api/onboarding/integration", {"client_id": f"{other.url}/", "redirect_uri": f"{other.url}/"})
        other.post("/api/backups", {"name": "Before the move", "password": "of the backup"})
        other.wait_for(lambda: other.get("/api/backups/status")["state"] == "idle", what="the backup")
        [made] = (other.home / "backups").glob("*.tar")
        shutil.copyfile(made, backup)
    more = {"MARGE_NEW_HOME": "1", "MARGE_BACKUP": str(backup)}
    print(playwright("welcome.spec.ts", new_home, tmp_path, more))


@pytest.mark.parametrize("door", list(DOORS))
def test_other_ways_in(door: str, tmp_path: Path) -> None:
    """A home in which nobody needs to log in, and one that trusts this network."""
    built()
    with server_in(tmp_path, SETTINGS) as server:
        server.write(configuration=DOORS[door])
        if door == "open":
            del server.environment["MARGE_AUTH_TOKEN"]
        server.start()
        more = {"MARGE_DOOR": door, **({"MARGE_NEW_HOME": "1"} if door == "open" else {})}
        print(playwright("doors.spec.ts", server, tmp_path, more))


def playwright(spec: str, server: Server, folder: Path, more: dict[str, str] | None = None) -> str:
    """Run one file of specs against the server; what the runner says."""
    environment = {
        "MARGE_URL": server.url, "MARGE_E2E_TMP": str(folder), "MARGE_E2E_RESULTS": str(folder / "results"),
        "CHROMIUM": chromium() or "", **(more or {}),
    }  # fmt: skip
    if pictures := os.environ.get("MARGE_SCREENSHOTS"):
        environment["MARGE_SCREENSHOTS"] = pictures
    return node("node_modules/@playwright/test/cli.js", "test", f"e2e/{spec}", environment=environment)
