"""Devices by address in a whole home: simulated ones that come and go, short ways to add and command them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from marge.registries import ConfigEntry
from tests.support.home import HomeServer
from tests.support.waiting import until


class Listens(Protocol):
    """A simulated device."""

    @property
    def address(self) -> tuple[str, int]: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


D = TypeVar("D", bound=Listens)


@contextmanager
def listening(device: D) -> Iterator[D]:
    """The device, on its port."""
    device.start()
    try:
        yield device
    finally:
        device.stop()


def where(device: Listens) -> str:
    """As people type it."""
    return "{}:{}".format(*device.address)


def call(home: HomeServer, service: str, entity_id: str, **data: Any) -> str:
    """Call a service over REST; the entity's state right after the reply."""
    reply = home.rest("POST", f"/api/services/{service.replace('.', '/')}", {"entity_id": entity_id, **data})
    assert reply.status_code == 200, reply.text
    return home.state(entity_id).state


def until_state(home: HomeServer, entity_id: str, state: str) -> None:
    """Wait until the entity shows it."""

    def shows() -> bool:
        found = home.home.states.get(entity_id)
        return found is not None and found.state == state

    until(shows, what=f"{entity_id} {state}")


def entry_of(home: HomeServer, domain: str, unique_id: str) -> ConfigEntry:
    """The device's config entry."""
    entry = home.home.registries.config_entries.by_unique_id(domain, unique_id)
    assert entry is not None
    return entry


def issues(home: HomeServer, domain: str) -> list[str]:
    """The ids of the repair notices of a domain."""
    with home.websocket() as client:
        found = client.command("repairs/list_issues")["result"]["issues"]
    return [each["issue_id"] for each in found if each["domain"] == domain]


def again(server: HomeServer) -> HomeServer:
    """A home whose users were made by its former life: log in as the owner."""
    owner = server.auth.owner()
    assert owner is not None
    server.admin_token = server.auth.create_long_lived(owner, "again")[0]
    return server
