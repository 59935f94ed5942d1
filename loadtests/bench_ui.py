"""The web interface in a real Chromium, over a large home and over the demo home: how soon pages are there.

Run: python -m loadtests.bench_ui [--entities N] [--devices N] [--areas N] [--rounds N] [--json FILE]

Each page is opened in a browser that has never been there (cold: no cache, no compiled code) and again (warm).
`shown_ms` is from the navigation to the first rows or cards on screen, `cpu_ms` what the page's main thread has
computed until then, `server_ms` what the server has. States that change are timed from the server's stamp to the
painted frame: one machine, one clock.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from loadtests.homes.registered import fill_registries, write_configuration
from tests.support.browser import chromium
from tests.support.server import Server, server_in

ROOT = Path(__file__).parents[1]
PAGES = Path(__file__).with_name("ui_pages.mjs")
OWNER = {"name": "Ann", "username": "ann", "password": "correct horse battery staple", "language": "en"}
SETTINGS = {"MARGE_FRONTEND": "marge", "MARGE_LOG_LEVEL": "warning"}
RUN_S = 560.0

Figures = dict[str, Any]


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marge_ui_build", ROOT / "ui" / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def owner_tokens(server: Server) -> dict[str, Any]:
    """Make the owner of a new home; the tokens as the interface keeps them in the browser."""
    client = f"{server.url}/"
    code = server.post("/api/onboarding/users", {**OWNER, "client_id": client})["auth_code"]
    form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "client_id": client})
    with urllib.request.urlopen(f"{server.url}/auth/token", form.encode(), timeout=30) as answer:
        tokens: dict[str, Any] = json.load(answer)
    ours, server.token = server.token, tokens["access_token"]
    for step in ("core_config", "analytics"):
        server.post(f"/api/onboarding/{step}")
    server.post("/api/onboarding/integration", {"client_id": client, "redirect_uri": client})
    server.token = ours
    return {**tokens, "hassUrl": server.url, "clientId": client}


def browse(server: Server, plan: dict[str, Any]) -> Figures:
    """What the browser's side has measured.

    Raises:
        subprocess.CalledProcessError: a page did not come, or broke.
    """
    found = _build().find_node()
    assert found is not None, "no Node.js"
    given = {
        **plan, "url": server.url, "tokens": owner_tokens(server), "token": server.token, "server": server.pid,
        "chromium": chromium(),
    }  # fmt: skip
    done = subprocess.run(
        [found[0], str(PAGES)], input=json.dumps(given), text=True, stdout=subprocess.PIPE, timeout=RUN_S, check=True,
    )  # fmt: skip
    figures: Figures = json.loads(done.stdout)
    return figures


@contextmanager
def large_home(entities: int, devices: int, areas: int) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, server_in(Path(folder), SETTINGS) as server:
        write_configuration(server.home, entities)
        fill_registries(server.database, entities, devices, areas)
        server.start()
        server.wait_for(lambda: len(server.get("/api/states")) >= entities, 120, "all entities")
        yield server


@contextmanager
def demo_home() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, server_in(Path(folder), SETTINGS) as server:
        server.use_demo_home()
        server.start()
        server.wait_for(lambda: server.state("light.kitchen"), 60, "the simulated house")
        yield server


def measure(entities: int, devices: int, areas: int, rounds: int) -> Figures:
    figures: Figures = {"load": [os.getloadavg()[0]]}
    with demo_home() as server:
        figures["demo"] = browse(server, {"rounds": rounds, "pages": ["home"]})
    with large_home(entities, devices, areas) as server:
        plan = {
            "rounds": rounds, "entities": entities, "devices": devices, "areas": areas,
            "pages": ["home", "entities", "devices", "areas"], "changes": 40,
        }  # fmt: skip
        figures["large"] = browse(server, plan)
    figures["load"].append(os.getloadavg()[0])
    return figures


def summed(figures: Any) -> Any:
    """Lists of rounds become their best and their median."""
    if isinstance(figures, dict):
        return {name: summed(value) for name, value in figures.items()}
    if isinstance(figures, list):
        return {"best": round(min(figures), 1), "median": round(statistics.median(figures), 1)}
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entities", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--areas", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    if chromium() is None:
        print("chromium is not installed", file=sys.stderr)
        return 2
    _build().build(install_node=True)
    figures = summed(measure(options.entities, options.devices, options.areas, options.rounds))
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
