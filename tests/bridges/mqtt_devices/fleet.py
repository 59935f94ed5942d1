"""Simulated fleets as processes on a real broker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.home import HomeServer
from tests.support.waiting import until

Address = tuple[str, int]


@contextmanager
def fleet(address: Address, family: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`marge simulate <family>` until the end of the block, when it is killed."""
    host, port = address
    command = [sys.executable, "-m", "marge.simulate", family, "--host", host, "--port", str(port), *options]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


def add_entry(server: HomeServer, domain: str) -> str:
    """Add an integration by its flow, as a person does; the entry's id."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": domain}).json()
    if flow["type"] == "form":
        flow = server.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", {}).json()
    assert flow["type"] == "create_entry", flow
    return str(flow["result"]["entry_id"])


def unique_ids(server: HomeServer, platform: str) -> dict[str, str]:
    """Entity ids of a platform by unique id."""
    return {each.unique_id: each.entity_id for each in server.home.registries.entities.of_platform(platform)}


def described(server: HomeServer, path: str) -> dict[str, Any]:
    """What the actor says of itself; nothing while there is none."""
    actor = server.home.system.actor(path)
    return {} if actor is None else actor.describe()


def settles(server: HomeServer, path: str) -> None:
    """Until the actor has nothing to do."""
    until(lambda: described(server, path).get("waiting") == 0, what=path)
    server.wait()
