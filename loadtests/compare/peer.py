"""A real Home Assistant as a process: installed from PyPI into a virtual environment of its own, with a log-in.

Not here: what is asked of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.support.broker import free_port

VERSION = "2025.4.4"
VENV = Path(".compare")
"""Kept between runs: the installation takes some minutes."""
PYTHONS = ("python3.13", "python3.14")
NEEDS = (3, 13, 0)
USER, PASSWORD = "admin", "compare-1234"
CLIENT_ID = "http://127.0.0.1/"
START_DEADLINE_S = 600.0
"""Its first start downloads what its integrations need."""


class NoPeer(Exception):
    """There is no Home Assistant to compare with; the text says why."""


def install() -> Path:
    """The `hass` program, installed once.

    Raises:
        NoPeer: no Python that is new enough, or PyPI cannot be reached.
    """
    program = VENV.absolute() / "bin" / "hass"
    if program.exists():
        return program
    python = _python()
    if python is None:
        raise NoPeer(f"Home Assistant {VERSION} needs Python 3.13 or newer, and none was found ({', '.join(PYTHONS)})")
    print(f"installing Home Assistant {VERSION} into {VENV} (once; takes some minutes)", flush=True)
    subprocess.run([python, "-m", "venv", str(VENV)], check=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, f"homeassistant=={VERSION}"], check=False, capture_output=True, text=True)
    if done.returncode != 0 or not program.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        raise NoPeer(f"Home Assistant {VERSION} could not be installed: {done.stderr.strip()[-500:]}")
    return program


def _python() -> str | None:
    folders = sorted(Path.home().glob(".pyenv/versions/3.1[3-9]*/bin"), reverse=True)
    candidates = [found for each in PYTHONS if (found := shutil.which(each))]
    for candidate in [*candidates, *(str(folder / "python3") for folder in folders)]:
        try:
            test = f"import sys; sys.exit(sys.version_info < {NEEDS})"
            if subprocess.run([candidate, "-c", test], check=False, capture_output=True).returncode == 0:
                return candidate
        except OSError:
            continue
    return None


class Peer:
    """A running Home Assistant. Attributes: url, port, token (an access token of the owner), pid."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.pid = process.pid
        self.token = ""


@contextmanager
def running(program: Path, folder: Path, configuration: str, files: dict[str, str]) -> Iterator[Peer]:
    """Home Assistant with this configuration until the end of the block.

    Raises:
        NoPeer: it does not start.
    """
    port = free_port()
    home = folder / "peer"
    home.mkdir()
    http = f"http:\n  server_host: 127.0.0.1\n  server_port: {port}\n"
    (home / "configuration.yaml").write_text(configuration + http, "utf-8")
    for name, text in files.items():
        (home / name).write_text(text, "utf-8")
    subprocess.run(
        [str(program), "--script", "auth", "--config", str(home), "add", USER, PASSWORD],
        check=True, capture_output=True,
    )  # fmt: skip
    log = (folder / "peer.log").open("wb")
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    process = subprocess.Popen(
        [str(program), "--config", str(home)], stdout=log, stderr=log, start_new_session=True, env=environment
    )
    try:
        peer = Peer(port, process)
        deadline = time.monotonic() + START_DEADLINE_S
        while not _has_started(peer):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoPeer(f"Home Assistant did not start: {(folder / 'peer.log').read_text('utf-8')[-1500:]}")
            time.sleep(0.5)
        yield peer
    finally:
        log.close()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _has_started(peer: Peer) -> bool:
    try:
        peer.token = peer.token or log_in(peer.url)
        headers = {"Authorization": f"Bearer {peer.token}"}
        state = requests.get(f"{peer.url}/api/core/state", headers=headers, timeout=5).json()
    except (requests.RequestException, KeyError, ValueError):
        return False
    return bool(state["state"] == "RUNNING")


def log_in(url: str) -> str:
    """An access token, by the same flow that browsers use."""
    start = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
    flow = requests.post(f"{url}/auth/login_flow", json=start, timeout=10).json()["flow_id"]
    answer = {"client_id": CLIENT_ID, "username": USER, "password": PASSWORD}
    code = requests.post(f"{url}/auth/login_flow/{flow}", json=answer, timeout=10).json()["result"]
    form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT_ID}
    return str(requests.post(f"{url}/auth/token", data=form, timeout=10).json()["access_token"])
