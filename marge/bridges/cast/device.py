"""One Cast device: its actor and its media player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from marge.bridges.cast import protocol
from marge.bridges.cast.connection import CastConnection
from marge.bridges.cast.protocol import HTTP_PORT, MEDIA, MEDIA_PLAYER, PLATFORM, RECEIVER, TLS_PORT
from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.bridges.lan.device import LanDevice
from marge.bridges.lan.entity import LanEntity, Part
from marge.bridges.lan.playback import Progress, address_to_play, browse
from marge.domains._media import BrowseMedia
from marge.domains.media_player import MediaPlayerEntity
from marge.errors import HomeError, Unreachable
from marge.integrations.lan import HOST, Found
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

DOMAIN = "cast"
PLAYER = "player"
SLOW_S = 8.0
"""Starting an app takes a device some seconds."""
EUREKA = "/setup/eureka_info"
_SECTIONS = "name,device_info,build_info,net"


class News(NamedTuple):
    """The device has told something, or the connection has ended."""


class CastPlayer(LanEntity, MediaPlayerEntity):
    """Shows what the device tells; each command is the device's."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def browse_media(self, media_content_type: str | None, media_content_id: str | None) -> BrowseMedia:
        return browse(self.home, media_content_id)

    def _picture_address(self) -> str | None:
        return None if self._is_off else self.media_image  # the browser fetches it from where the device said

    def turn_on(self) -> Any:
        return self.send("launch")

    def turn_off(self) -> Any:
        return self.send("quit")

    def media_play(self) -> Any:
        return self.send("player", kind="PLAY")

    def media_pause(self) -> Any:
        return self.send("player", kind="PAUSE")

    def media_stop(self) -> Any:
        return self.send("player", kind="STOP")

    def media_next_track(self) -> Any:
        return self.send("player", kind="QUEUE_UPDATE", jump=1)

    def media_previous_track(self) -> Any:
        return self.send("player", kind="QUEUE_UPDATE", jump=-1)

    def media_seek(self, position: float) -> Any:
        return self.send("player", kind="SEEK", currentTime=position)

    def set_volume_level(self, volume: float) -> Any:
        return self.send("volume", level=volume)

    def mute_volume(self, mute: bool) -> Any:
        return self.send("volume", muted=mute)

    def play_media(self, media_type: str, media_id: str, **more: Any) -> Any:
        extra = more.get("extra")
        return self.send("load", media_type=media_type, media_id=media_id, extra=extra or {})


class CastDevice(LanDevice):
    """Keeps a connection, over which the device tells its news; asks now and then whether it is still there.

    A device that answers over HTTP only is shown without anything that it could be told.
    """

    domain: ClassVar[str] = DOMAIN
    poll_s: ClassVar[float] = 10.0

    def __init__(self, home: Home, entry_id: str) -> None:
        super().__init__(home, entry_id)
        self._connection: CastConnection | None = None
        self._progress = Progress()
        self._is_told = False
        self._is_controlled = False

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, News):
            connection = self._connection
            self._is_told = connection is not None and connection.closed is None
            return self._poll()
        return super().on_receive(message)

    def refresh(self) -> None:
        is_told, self._is_told = self._is_told, False
        connection = self._connection
        if connection is None or connection.closed is not None:
            connection = self._connection = self._connect()
        elif not is_told:
            connection.ask_status()
        self._register()
        if connection is None:
            shown: dict[str, Any] = {"playback": None, "details": {}, "supported_features": 0, "media_image": None}
        else:
            shown = protocol.fields(connection.receiver, connection.media, connection.media_at, self._progress)
        self.show(PLAYER, self._part, **shown)

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> None:
        connection = self._connection
        if connection is None or connection.closed is not None:
            connection = self._connection = self._connect()
        if connection is None:
            raise HomeError("This Cast device does not take commands at the moment")
        if verb == "player":
            data = dict(params)
            connection.ask_player(data.pop("kind"), **data)
        elif verb == "volume":
            connection.ask(PLATFORM, RECEIVER, {"type": "SET_VOLUME", "volume": dict(params)})
        elif verb == "quit":
            self._quit(connection)
        elif verb == "launch":
            self._launch(connection)
        elif verb == "load":
            media_id, kind = address_to_play(self.home, params["media_id"])
            media = protocol.to_load(kind or params["media_type"], media_id, protocol.table(params["extra"]))
            transport = self._launch(connection)
            load = {"type": "LOAD", "media": media, "autoplay": True, "currentTime": 0}
            connection.ask(transport, MEDIA, load, SLOW_S)
        else:
            raise HomeError(f"A Cast device does not know {verb}")

    def shown(self) -> dict[str, Any]:
        data = self.entry.data
        entity_id = next(iter(self.entity_ids()), None)
        return {
            "ip_address": str(self.address),
            "model": data.get("model"),
            "manufacturer": data.get("manufacturer"),
            "uuid": self.entry.unique_id,
            "entity_id": entity_id,
        }

    def disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @staticmethod
    def _launch(connection: CastConnection) -> str:
        """The player that every device has; where it takes commands."""
        if protocol.application(connection.receiver).get("appId") != MEDIA_PLAYER or connection.transport is None:
            connection.ask(PLATFORM, RECEIVER, {"type": "LAUNCH", "appId": MEDIA_PLAYER}, SLOW_S)
        if connection.transport is None:
            raise HomeError("The Cast device did not start its player")
        return connection.transport

    @staticmethod
    def _quit(connection: CastConnection) -> None:
        app = protocol.application(connection.receiver)
        if not protocol.is_idle(app):
            connection.ask(PLATFORM, RECEIVER, {"type": "STOP", "sessionId": app.get("sessionId")})

    def _connect(self) -> CastConnection | None:
        """None: the device is there, but does not take connections.

        Raises:
            Unreachable: it is not there, or another one is.
        """
        address = self.address
        if read_eureka(address)["unique_id"] != self.entry.unique_id:
            raise Unreachable(f"Another Cast device answers at {address}")
        try:
            connection = CastConnection(tls_place(address), self._on_news, self.home.clock.now)
        except Unreachable as exc:
            if self._is_controlled:
                raise
            self.log.info("a Cast device cannot be controlled", address=str(address), reason=str(exc))
            return None
        self._is_controlled = True
        return connection

    def _on_news(self) -> None:
        """In the connection's greenlet."""
        if not self._is_told:
            self._is_told = True  # one message for all news until it is taken
            self.system.tell(self.path, News())

    def _register(self) -> None:
        if self.device_id is None:
            entry = self.entry
            self.register(
                identifiers=[(DOMAIN, str(entry.unique_id))], name=entry.title, model=entry.data.get("model"),
                manufacturer=entry.data.get("manufacturer"), sw_version=entry.data.get("version"),
            )  # fmt: skip

    def _part(self) -> Part:
        entry = self.entry
        player = CastPlayer(self.home)
        player.extra_attributes = {"integration": DOMAIN, "ip_address": str(self.address)}
        if entry.data.get("model"):
            player.extra_attributes = {**player.extra_attributes, "device_type": entry.data["model"]}
        return Part(player, f"cast_{slugify(entry.title)}")


def tls_place(address: Address) -> tuple[str, int]:
    """Where CASTV2 is spoken: the port above that of HTTP, where somebody has named one."""
    return address.host, TLS_PORT if address.port is None else address.port + 1


def read_eureka(address: Address) -> dict[str, Any]:
    """What a device says of itself: `name`, `unique_id`, `model`, `manufacturer`, `version`.

    Raises:
        Unreachable: it says nothing, or not as a Cast device does.
    """
    client = LanClient(address, HTTP_PORT)
    try:
        info = protocol.table(client.get_json(EUREKA))
        if not _identity(info):  # newer ones tell only what they are asked for
            info = {**info, **protocol.table(client.get_json(EUREKA, params=_SECTIONS))}
    finally:
        client.close()
    about, build = protocol.table(info.get("device_info")), protocol.table(info.get("build_info"))
    name = protocol.text(info.get("name")) or protocol.text(about.get("name"))
    identity = _identity(info)
    if name is None or not identity:
        raise Unreachable(f"What answers at {address} does not speak as a Cast device does")
    return {
        "name": name, "unique_id": identity,
        "model": protocol.word(about.get("model_name")) or protocol.word(info.get("model_name")),
        "manufacturer": protocol.word(about.get("manufacturer")) or "Google Inc.",
        "version": protocol.word(info.get("cast_build_revision")) or protocol.word(build.get("cast_build_revision")),
    }  # fmt: skip


def _identity(info: Mapping[str, Any]) -> str:
    """What it is known by: its UDN, else its MAC, else its name."""
    about = protocol.table(info.get("device_info"))
    for value in (info.get("ssdp_udn"), about.get("ssdp_udn"), info.get("mac_address"), about.get("mac_address")):
        if isinstance(value, str) and value.strip():
            return value.strip().lower().replace("-", "").replace(":", "")[:64]
    name = protocol.text(info.get("name"))
    return "" if name is None else slugify(name)


def probe(address: Address, _secrets: Mapping[str, str]) -> Found:
    """Who is at the address.

    Raises:
        Unreachable: nobody, or somebody else.
    """
    info = read_eureka(address)
    data = {HOST: str(address), **{key: info[key] for key in ("model", "manufacturer", "version") if info[key]}}
    shown = {
        "name": info["name"], "ip_address": str(address), "model": info["model"],
        "manufacturer": info["manufacturer"], "uuid": info["unique_id"],
    }  # fmt: skip
    return Found(info["unique_id"], info["name"], data, shown)
