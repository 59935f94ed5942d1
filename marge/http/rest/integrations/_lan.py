"""Devices that are reached by their address: listing them and adding one, the same for all such families."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from marge.bridges.lan.family import LanFamily, known
from marge.errors import BridgeError, InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._family import ADDRESS, failed
from marge.http.shapes import OBJECT, STRING, Answer, obj

FOUND = {
    200: Answer(
        "What came of it: the device, or why there is none.", obj(result=STRING, message_=STRING, device_=OBJECT)
    )
}


def family_of(home: Home, domain: str) -> LanFamily:
    """The home's devices of this kind.

    Raises:
        LookupError: there is no such family.
    """
    found = known(home, domain)
    if found is None:
        importlib.import_module(f"marge.bridges.{domain}").BRIDGE.specs(home)  # which makes it
        found = known(home, domain)
    if found is None:
        raise LookupError(domain)
    return found


def count(home: Home, domain: str) -> int:
    """How many are known."""
    return len(family_of(home, domain).entries())


def devices(home: Home, domain: str) -> list[dict[str, Any]]:
    """All that are known, with `online`."""
    return family_of(home, domain).listed()


def discovered(home: Home, request: Request, domain: str, body: Any = ADDRESS) -> Reply:
    """Probe `ip`, and keep what answers. What went wrong is told with status 200, as the native API has it.

    Args:
        body: the schema; its fields beside `ip` are the secrets that go to the probe.
    """
    wanted = fields(request, body)
    family = family_of(home, domain)
    try:
        found = family.probe(wanted.pop("ip"), _texts(wanted))
        family.add(found)
    except (BridgeError, InvalidRequest) as exc:
        return failed(str(exc))
    return json_reply({"result": "ok", "device": dict(found.shown)})


def _texts(wanted: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if isinstance(value, str)}
