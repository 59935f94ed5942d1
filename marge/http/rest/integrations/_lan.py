"""Adding a device by its address, the same for all families that are reached by one."""

from __future__ import annotations

from typing import Any

from marge.bridges.lan.family import LanFamily
from marge.errors import BridgeError, InvalidRequest
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._family import failed


def discover(family: LanFamily, request: Request, body: Any) -> Reply:
    """Probe `ip`, and keep what answers. What went wrong is told with status 200, as the native API has it."""
    wanted = fields(request, body)
    host = wanted.pop("ip")
    try:
        found = family.probe(host, wanted)
        family.add(found)
    except (BridgeError, InvalidRequest) as exc:
        return failed(str(exc))
    return json_reply({"result": "ok", "device": dict(found.shown)})
