"""`marge simulate sonos`: a household of Sonos speakers, UPnP over HTTP on port 1400."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Mapping
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import click

from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest, run_until_told
from marge.simulate.families._sonos_actions import SERVICES, described
from marge.simulate.families._sonos_household import (
    FAVOURITES,
    INVALID_ACTION,
    INVALID_ARGUMENTS,
    Household,
    Refused,
    Room,
    Track,
    demo_rooms,
)

CONTROL: Mapping[str, str] = {
    "/MediaRenderer/AVTransport/Control": "AVTransport",
    "/MediaRenderer/RenderingControl/Control": "RenderingControl",
    "/ZoneGroupTopology/Control": "ZoneGroupTopology",
    "/MediaServer/ContentDirectory/Control": "ContentDirectory",
    "/DeviceProperties/Control": "DeviceProperties",
}
COVER = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEAQH/7yMK/gAAAABJRU5ErkJggg=="
)
"""Of every record in this house: one pixel."""
_XML = 'text/xml; charset="utf-8"'
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ACTION = re.compile(r'"?urn:schemas-upnp-org:service:(\w+):1#(\w+)"?')
_ACTIONS_FILE = re.compile(r"/xml/(\w+)1\.xml")
_DIDL = (
    '<DIDL-Lite xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:upnp="urn:schemas-upnp-org:metadata-1-0/upnp/" '
    'xmlns:r="urn:schemas-rinconnetworks-com:metadata-1-0/" '
    'xmlns="urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/">{}</DIDL-Lite>'
)


class SonosHousehold:
    """The household on its sockets, a port a room.

    Attributes:
        household: what plays where; take `lock` to change it.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self.lock = threading.Lock()
        self.servers = [self._server(room) for room in household.rooms]

    def _server(self, room: Room) -> HttpDevice:
        return HttpDevice(*room.where, lambda request: self._answer(room, request))

    @property
    def address(self) -> tuple[str, int]:
        """Of the first room."""
        return self.servers[0].address

    def start(self) -> None:
        """All rooms listen from now on.

        Raises:
            OSError: an address cannot be had.
        """
        for room, server in zip(self.household.rooms, self.servers, strict=True):
            server.start()
            room.where = server.address

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def _answer(self, room: Room, request: HttpRequest) -> HttpAnswer:
        if request.method == "GET" and request.path == "/xml/device_description.xml":
            return HttpAnswer(200, description(room).encode(), _XML)
        if request.method == "GET" and (match := _ACTIONS_FILE.fullmatch(request.path)) and match[1] in SERVICES:
            return HttpAnswer(200, described(match[1]).encode(), _XML)
        if request.method == "GET" and request.path == "/getaa":
            return HttpAnswer(200, COVER, "image/png")
        service = CONTROL.get(request.path)
        if request.method != "POST" or service is None:
            return HttpAnswer(404, b"", "text/html")
        try:
            action, sent = _read(service, request)
            with self.lock:
                told = self._act(room, service, action, sent)
        except Refused as error:
            return HttpAnswer(500, _fault(error.code).encode(), _XML)
        fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())
        urn = f"urn:schemas-upnp-org:service:{service}:1"
        body = _envelope(f'<u:{action}Response xmlns:u="{urn}">{fields}</u:{action}Response>')
        return HttpAnswer(200, body.encode(), _XML, {"EXT": "", "Server": "Linux UPnP/1.0 Sonos/80.1-55014 (ZPS24)"})

    def _act(self, room: Room, service: str, action: str, sent: Mapping[str, str]) -> dict[str, str]:
        if action == "GetZoneGroupState":
            return {"ZoneGroupState": self._topology()}
        if action == "Browse":
            return _browse(sent.get("ObjectID", ""))
        if action == "GetHouseholdID":
            return {"CurrentHouseholdID": "Sonos_simulatedHousehold00000000"}
        if action == "GetZoneAttributes":
            return {"CurrentZoneName": room.name, "CurrentIcon": "", "CurrentConfiguration": "1"}
        told = self.household.act(room, service, action, sent)
        track = self.household.leader_of(room).track
        if action == "GetPositionInfo" and track is not None:
            told["TrackMetaData"] = _metadata(track)
        return told

    def _topology(self) -> str:
        groups = "".join(
            f'<ZoneGroup Coordinator="{group[0].uid}" ID="{group[0].uid}:1">{"".join(map(_member, group))}</ZoneGroup>'
            for group in self.household.groups
        )
        return f"<ZoneGroupState><ZoneGroups>{groups}</ZoneGroups><VanishedDevices></VanishedDevices></ZoneGroupState>"


def _member(room: Room) -> str:
    name = escape(room.name, {'"': "&quot;"})
    location = "http://{}:{}/xml/device_description.xml".format(*room.where)
    return (
        f'<ZoneGroupMember UUID="{room.uid}" Location="{location}" ZoneName="{name}" Icon="" Configuration="1" '
        'SoftwareVersion="80.1-55014" MinCompatibleVersion="79.0-00000" BootSeq="12" TVConfigurationError="0"/>'
    )


def _read(service: str, request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The action's name and its arguments.

    Raises:
        Refused: it is no call of this service.
    """
    match = _ACTION.fullmatch(request.headers.get("soapaction", ""))
    if match is None or match[1] != service or match[2] not in SERVICES[service]:
        raise Refused(INVALID_ACTION)
    try:
        root = ElementTree.fromstring(request.body)
    except ElementTree.ParseError as exc:
        raise Refused(INVALID_ARGUMENTS) from exc
    found = root.find(f"{{{_SOAP}}}Body/{{urn:schemas-upnp-org:service:{service}:1}}{match[2]}")
    if found is None:
        raise Refused(INVALID_ARGUMENTS)
    return match[2], {child.tag: child.text or "" for child in found}


def _envelope(inside: str) -> str:
    encoding = "http://schemas.xmlsoap.org/soap/encoding/"
    return f'<s:Envelope xmlns:s="{_SOAP}" s:encodingStyle="{encoding}"><s:Body>{inside}</s:Body></s:Envelope>'


def _fault(code: int) -> str:
    error = f'<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>{code}</errorCode></UPnPError>'
    return _envelope(
        f"<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>{error}</detail></s:Fault>"
    )


def _metadata(track: Track) -> str:
    duration = f"{track.seconds // 3600}:{track.seconds // 60 % 60:02}:{track.seconds % 60:02}"
    protocol = "x-file-cifs:*:audio/mpeg:*" if track.seconds else "x-rincon-mp3radio:*:*:*"
    return _DIDL.format(
        f'<item id="-1" parentID="-1" restricted="true"><res protocolInfo="{protocol}" duration="{duration}">'
        f"{escape(track.uri)}</res><dc:title>{escape(track.title)}</dc:title>"
        f"<upnp:class>object.item.audioItem.musicTrack</upnp:class><dc:creator>{escape(track.artist)}</dc:creator>"
        f"<upnp:album>{escape(track.album)}</upnp:album><upnp:albumArtURI>/getaa?s=1&amp;u={quote(track.uri, safe='')}"
        "</upnp:albumArtURI></item>"
    )


def _browse(object_id: str) -> dict[str, str]:
    """Favourites; nothing else is on these shelves."""
    if object_id != "FV:2":
        raise Refused(INVALID_ARGUMENTS)
    items = "".join(
        f'<item id="FV:2/{number}" parentID="FV:2" restricted="false"><dc:title>{escape(each.title)}</dc:title>'
        f"<upnp:class>object.itemobject.item.sonos-favorite</upnp:class>"
        f'<res protocolInfo="x-rincon-mp3radio:*:*:*">{escape(each.uri)}</res>'
        f"<r:type>instantPlay</r:type><r:resMD></r:resMD></item>"
        for number, each in enumerate(FAVOURITES)
    )
    count = str(len(FAVOURITES))
    return {"Result": _DIDL.format(items), "NumberReturned": count, "TotalMatches": count, "UpdateID": "1"}


def description(room: Room) -> str:
    """`/xml/device_description.xml`. What has an analogue input offers AudioIn; what has a television, HTControl."""
    services = ["DeviceProperties", "ZoneGroupTopology"]
    services += ["AudioIn"] * room.has_line_in + ["HTControl"] * room.has_tv
    listed = "".join(
        f"<service><serviceType>urn:schemas-upnp-org:service:{name}:1</serviceType>"
        f"<serviceId>urn:upnp-org:serviceId:{name}</serviceId><controlURL>/{name}/Control</controlURL>"
        f"<eventSubURL>/{name}/Event</eventSubURL><SCPDURL>/xml/{name}1.xml</SCPDURL></service>"
        for name in services
    )
    model, host = escape(room.model), room.where[0]
    return (
        '<?xml version="1.0" encoding="utf-8" ?><root xmlns="urn:schemas-upnp-org:device-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion><device>"
        "<deviceType>urn:schemas-upnp-org:device:ZonePlayer:1</deviceType>"
        f"<friendlyName>{host} - {model} - {room.uid}</friendlyName><manufacturer>Sonos, Inc.</manufacturer>"
        f"<modelNumber>{room.number}</modelNumber><modelDescription>{model}</modelDescription>"
        f"<modelName>{model}</modelName><softwareVersion>80.1-55014</softwareVersion><swGen>2</swGen>"
        f"<hardwareVersion>1.26.1.7-2.1</hardwareVersion><serialNum>{room.mac.replace(':', '-')}:7</serialNum>"
        f"<MACAddress>{room.mac}</MACAddress><UDN>uuid:{room.uid}</UDN><roomName>{escape(room.name)}</roomName>"
        f"<displayName>{model.removeprefix('Sonos ')}</displayName><serviceList>{listed}</serviceList></device></root>"
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=1400, show_default=True, help="Port of the first room; 0: any. The others: the next.")
@click.option("--room", "rooms", multiple=True, help="A room's name; more than once.  [default: two rooms]")
@click.option("--playing", is_flag=True, help="Somebody is playing music in the first room.")
def command(host: str, port: int, rooms: tuple[str, ...], playing: bool) -> None:
    """A household of Sonos speakers: transport, volume, groups, favourites.

    Nothing is fetched or heard.
    """
    household = Household(demo_rooms(list(rooms) or ["Living Room", "Kitchen"], host, port))
    if playing:
        household.play_songs(household.rooms[0])
    try:
        run_until_told(SonosHousehold(household))
    except OSError as error:
        text = f"{host} cannot be listened at: {error}. Choose another --host or --port."
        raise click.ClickException(text) from error
