"""Calls to a Sonos speaker: an action of a UPnP service is one HTTP request with XML, and so is its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.errors import HomeError, Unreachable

if TYPE_CHECKING:
    from xml.etree import ElementTree

PORT = 1400
AV_TRANSPORT, RENDERING = "AVTransport", "RenderingControl"
TOPOLOGY, DIRECTORY = "ZoneGroupTopology", "ContentDirectory"
_CONTROL: Mapping[str, str] = {
    AV_TRANSPORT: "/MediaRenderer/AVTransport/Control",
    RENDERING: "/MediaRenderer/RenderingControl/Control",
    TOPOLOGY: "/ZoneGroupTopology/Control",
    DIRECTORY: "/MediaServer/ContentDirectory/Control",
}
_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>{}</s:Body></s:Envelope>'
)
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOT_NOW, NOT_COORDINATOR = 701, 800
_REASONS: Mapping[int, str] = {
    401: "it does not know this command",
    402: "it does not take this value",
    NOT_NOW: "that is not possible at the moment",
    711: "there is no such place in what plays",
    714: "it cannot play this kind of thing",
    716: "it finds nothing to play there",
    NOT_COORDINATOR: "another speaker leads its group",
}


class Refused(HomeError):
    """The speaker answered that it does not want to. `code`: UPnP's, or Sonos's own."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The Sonos speaker refuses: {_REASONS.get(code, f'its error {code}')}")
        self.code = code


def parse_xml(data: bytes | str) -> ElementTree.Element:
    """The root of a document.

    Raises:
        Unreachable: it is no XML, or tries tricks that no speaker needs.
    """
    from xml.etree import ElementTree  # a megabyte, for homes with a speaker

    text = data if isinstance(data, bytes) else data.encode()
    if b"<!DOCTYPE" in text:  # entities that unfold: speakers declare none
        raise Unreachable("What the speaker sent is not what a Sonos speaker sends")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as exc:
        raise Unreachable("What the speaker sent is no XML") from exc


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


class SoapClient:
    """Speaks with one speaker. Waits; for one greenlet at a time."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.http = LanClient(address, PORT)

    def call(self, service: str, action: str, /, **arguments: str | int) -> Mapping[str, str]:
        """What the action tells.

        Raises:
            Refused: the speaker does not want to. Unreachable: it does not answer, or not as a speaker does.
        """
        urn = f"urn:schemas-upnp-org:service:{service}:1"
        inside = "".join(f"<{name}>{_clean(str(value))}</{name}>" for name, value in arguments.items())
        body = _ENVELOPE.format(f'<u:{action} xmlns:u="{urn}">{inside}</u:{action}>').encode()
        headers = {"Content-Type": 'text/xml; charset="utf-8"', "SOAPACTION": f'"{urn}#{action}"'}
        answer = self.http.request("POST", _CONTROL[service], body, headers)
        if answer.status not in (200, 500):
            raise Unreachable(f"The speaker at {self.address} answered with the status {answer.status}")
        inner = parse_xml(answer.body).find(_BODY)
        first = None if inner is None else next(iter(inner), None)
        if first is None:
            raise Unreachable(f"What answers at {self.address} does not speak as a Sonos speaker does")
        if answer.status == 500:
            raise Refused(_code_of(first))
        return {local(child.tag): child.text or "" for child in first}

    def transport(self, action: str, /, **arguments: str | int) -> Mapping[str, str]:
        """An action of AVTransport. Raises as `call`."""
        return self.call(AV_TRANSPORT, action, InstanceID=0, **arguments)

    def rendering(self, action: str, /, **arguments: str | int) -> Mapping[str, str]:
        """An action of RenderingControl, for both channels. Raises as `call`."""
        return self.call(RENDERING, action, InstanceID=0, Channel="Master", **arguments)

    def close(self) -> None:
        self.http.close()


def _clean(text: str) -> str:
    return escape(_UNPRINTABLE.sub("", text), quote=False)


def _code_of(fault: ElementTree.Element) -> int:
    for element in fault.iter():
        if local(element.tag) == "errorCode" and (element.text or "").isdecimal():
            return int(element.text or 0)
    return 0
