"""One Shelly: who it is, asking it, telling it. What its answers mean stands in `gen1` and `gen2`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.bridges.lan.device import LanDevice
from marge.bridges.lan.entity import Part
from marge.bridges.lan.login import PasswordLogin
from marge.bridges.lan.told import flag, number, text
from marge.bridges.shelly.entities import entity_of
from marge.bridges.shelly.gen1 import Gen1Api
from marge.bridges.shelly.gen2 import Gen2Api
from marge.bridges.shelly.reading import Reading
from marge.errors import CredentialsNeeded, Unreachable
from marge.integrations.lan import Found
from marge.util.slug import slugify

MANUFACTURER = "Shelly"
USERNAME, PASSWORD = "username", "password"
ADMIN = "admin"
MOVING_POLL_S = 1.0
"""Between polls while a blind moves."""
_HEX = frozenset("0123456789ABCDEF")


class Identity(NamedTuple):
    """What a device says of itself without a log-in.

    Attributes:
        mac: upper-case hex digits; twelve, unless it only speaks like a Shelly.
        model: its type, such as `SHSW-25`. firmware: its version.
    """

    mac: str
    model: str
    generation: int
    firmware: str
    name: str | None
    wants_password: bool


def read_identity(told: Any, address: Address) -> Identity:
    """The identity in the reply of `/shelly`.

    Raises:
        Unreachable: what answers is no Shelly.
    """
    mac = (text(told, "mac") or "").upper().replace(":", "")
    generation = number(told, "gen")
    model = text(told, "model") if generation else text(told, "type")
    if not 4 <= len(mac) <= 16 or not set(mac) <= _HEX or model is None or (generation or 1) < 1:
        raise Unreachable(f"What answers at {address} is no Shelly")
    firmware = text(told, "ver") if generation else text(told, "fw")
    wants = flag(told, "auth_en") if generation else flag(told, "auth")
    return Identity(
        mac, model[:60], int(generation or 1), (firmware or "")[:60], text(told, "name"), bool(wants)
    )  # fmt: skip


def connect(address: Address, data: Mapping[str, Any]) -> tuple[LanClient, Identity]:
    """A client that can log in, and who answers it. Waits.

    Raises:
        Unreachable: nobody, or no Shelly. CredentialsNeeded: it wants a password and there is none in `data`.
    """
    password = str(data.get(PASSWORD) or "")
    login = PasswordLogin(str(data.get(USERNAME) or ADMIN), password) if password else None
    client = LanClient(address, login=login)
    identity = read_identity(client.get_json("/shelly"), address)
    if login is not None:
        login.may_be_basic = identity.generation == 1
    if identity.wants_password and login is None:
        client.close()
        raise CredentialsNeeded(f"The Shelly at {address} wants a password")
    return client, identity


def api_of(client: LanClient, generation: int) -> Gen1Api | Gen2Api:
    """The words that a generation understands."""
    return Gen1Api(client) if generation == 1 else Gen2Api(client)


def probe(address: Address, secrets: Mapping[str, str]) -> Found:
    """Who is at this address, with a log-in that works.

    Raises:
        Unreachable, CredentialsNeeded: as they say.
    """
    client, identity = connect(address, secrets)
    try:
        api = api_of(client, identity.generation)
        api.status()
        name = api.name(api.config()) or identity.name
    finally:
        client.close()
    data: dict[str, Any] = {"host": str(address)}
    if identity.wants_password:
        data |= {USERNAME: secrets.get(USERNAME) or ADMIN, PASSWORD: secrets.get(PASSWORD, "")}
    title = name or f"{MANUFACTURER} {identity.model} {identity.mac[-6:]}"
    return Found(identity.mac, title, data, {**_shown(identity, address), "name": title})


def _shown(identity: Identity, address: Address) -> dict[str, Any]:
    return {
        "ip_address": str(address), "mac": identity.mac.lower(), "device_type": identity.model,
        "generation": identity.generation, "firmware_version": identity.firmware,
    }  # fmt: skip


class ShellyDevice(LanDevice):
    """The actor of one Shelly."""

    domain = kind = "shelly"
    poll_s = 10.0

    def __init__(self, home: Any, entry_id: str) -> None:
        super().__init__(home, entry_id)
        self._client: LanClient | None = None
        self._identity: Identity | None = None
        self._config: Any = None
        self._revision: Any = object()
        self._uptime: float | None = None

    def refresh(self) -> None:
        api, identity = self._connected()
        status = api.status()
        if not isinstance(status, Mapping) or api.mac(status) not in (None, identity.mac):
            raise Unreachable(f"What answers at {self.address} does not make sense, or is another device")
        if self._restarted(api.uptime(status)):
            identity = self._identity = self._identify()
            self._config = None
        if self._config is None or api.revision(status) != self._revision:
            self._config, self._revision = api.config(), api.revision(status)
            self._register(identity, api.name(self._config))
        # Of two that claim to be the same (a relay beside an energy meter measures power, too) the first one is shown.
        read = reversed(api.read(status, self._config, identity.model, identity.firmware))
        readings = list(reversed({reading.key: reading for reading in read}.values()))
        about = {"integration": self.domain, "ip_address": str(self.address), "device_type": identity.model}
        for reading in readings:
            self.show(reading.key, partial(self._part, reading), about=about, **reading.values)
        self.keep_only({reading.key for reading in readings})
        if any(each.values.get("is_opening") or each.values.get("is_closing") for each in readings):
            self.next_poll_s = MOVING_POLL_S
        assert self._client is not None
        self._client.close()  # until the next poll the smallest of them would close it, or run out of connections

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> bool:
        api, identity = self._connected()
        api.send(key, verb, params, self._config, identity.model)
        return verb in ("install", "restart")  # it is busy now, and has nothing new to tell

    def shown(self) -> dict[str, Any]:
        if self._identity is None:
            return {"ip_address": str(self.address), "mac": (self.entry.unique_id or "").lower()}
        return {**_shown(self._identity, self.address), "entities": list(self.entity_ids())}

    def disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> tuple[Gen1Api | Gen2Api, Identity]:
        """What to ask. After each failure the device says anew who it is: the address may be another's now."""
        if self._client is None or self._identity is None:
            client, identity = connect(self.address, self.entry.data)
            if identity.mac != self.entry.unique_id:
                client.close()
                raise Unreachable(f"Another device answers at {self.address} now: {identity.model} {identity.mac}")
            self._client, self._identity, self._config = client, identity, None
        return api_of(self._client, self._identity.generation), self._identity

    def _identify(self) -> Identity:
        """Who it is now: it was started anew, perhaps with other software."""
        assert self._client is not None
        found = read_identity(self._client.get_json("/shelly"), self.address)
        if found.mac != self.entry.unique_id:
            raise Unreachable(f"Another device answers at {self.address} now: {found.model} {found.mac}")
        return found

    def _restarted(self, uptime: float | None) -> bool:
        before, self._uptime = self._uptime, uptime
        return before is not None and uptime is not None and uptime < before

    def _register(self, identity: Identity, name: str | None) -> None:
        self.register(
            identifiers=[(self.domain, identity.mac)], connections=_wires(identity.mac),
            manufacturer=MANUFACTURER, model=identity.model, model_id=identity.model, sw_version=identity.firmware,
            hw_version=f"gen{identity.generation}", name=name or self.entry.title,
            configuration_url=self.address.url(),
        )  # fmt: skip

    def _part(self, reading: Reading) -> Part:
        object_id = f"shelly_{slugify(str(self.entry.unique_id))}_{reading.suffix}"
        return Part(entity_of(reading, self.home_units), object_id, reading.name, facts=reading.facts)


def _wires(mac: str) -> list[tuple[str, str]]:
    """As the device registry has it; nothing for what is no MAC."""
    return [("mac", ":".join(mac[at : at + 2] for at in range(0, 12, 2)).lower())] if len(mac) == 12 else []
