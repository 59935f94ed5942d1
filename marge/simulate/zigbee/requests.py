"""`bridge/request/…`: what is asked of the simulated zigbee2mqtt, and its answers in the shapes of release 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from marge.simulate import announce
from marge.simulate.devices.base import Device
from marge.simulate.messages import Effects, Later, Message
from marge.simulate.zigbee import topology
from marge.simulate.zigbee.groups import Group

if TYPE_CHECKING:
    from marge.simulate.network import Network

MAX_PERMIT_S = 254
RENAME_PAUSE_S = 2.0
"""Between taking the old announcements back and making the new ones, when entities are to be renamed."""
MAP_KINDS = ("raw", "graphviz", "plantuml")


class Refused(Exception):
    """The request cannot be done; the text is the answer's `error`."""


Body = Any
Handler = Callable[[Body], "tuple[dict[str, Any], Effects]"]


class Requests:
    """Answers requests. `answer` never raises."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._handlers: dict[str, Handler] = {
            "permit_join": self._permit_join,
            "health_check": lambda body: ({"healthy": True}, []),
            "coordinator_check": lambda body: ({"missing_routers": []}, []),
            "restart": self._restart,
            "options": self._options,
            "networkmap": self._map,
            "device/rename": self._rename,
            "device/remove": self._remove,
            "device/interview": self._interview,
            "device/configure": self._configure,
            "device/options": self._device_options,
            "device/bind": self._bind,
            "device/unbind": self._bind,
            "group/add": self._group_add,
            "group/remove": self._group_remove,
            "group/rename": self._group_rename,
            "group/options": self._group_options,
            "group/members/add": lambda body: self._member(body, True),
            "group/members/remove": lambda body: self._member(body, False),
            "group/members/remove_all": self._remove_all,
        }

    def answer(self, request: str, payload: bytes) -> Effects:
        """What a request brings about, its answer last."""
        body = _parsed(payload)
        request = request.lower()
        if request.startswith("device/ota_update/"):
            return self._ota(request.removeprefix("device/ota_update/"), body)
        handler = self._handlers.get(request)
        try:
            if handler is None:
                raise Refused(f"not supported by the simulated network: {request[:80]!r}")
            data, effects = handler(body)
        except Refused as exc:
            return [*self._network.complaints(f"Request 'bridge/request/{request[:80]}' failed with error: '{exc}'"),
                    self._reply(request, body, {}, str(exc))]  # fmt: skip
        # What is due later and gives the answer itself (it takes its time on the air) has marked its data so.
        if data.pop("_answered_later", False):
            return effects
        return [*effects, self._reply(request, body, data)]

    def _reply(self, request: str, body: Body, data: Mapping[str, Any], error: str | None = None) -> Message:
        answer: dict[str, Any] = {"data": dict(data), "status": "ok" if error is None else "error"}
        if error is not None:
            answer["error"] = error
        if isinstance(body, dict) and "transaction" in body:
            answer["transaction"] = body["transaction"]
        topic = request.replace("+", "").replace("#", "")
        return Message.json(f"{self._network.base}/bridge/response/{topic}", answer)

    # -- the bridge --------------------------------------------------------------------------------------------------

    def _permit_join(self, body: Body) -> tuple[dict[str, Any], Effects]:
        if isinstance(body, dict) and "time" not in body:
            raise Refused("Invalid payload")
        seconds = body["time"] if isinstance(body, dict) else body
        if isinstance(seconds, str) and seconds.lstrip("-").isdecimal():
            seconds = int(seconds)
        if type(seconds) is not int or not 0 <= seconds <= MAX_PERMIT_S:
            raise Refused(f"Cannot permit join for more than {MAX_PERMIT_S} seconds.")
        data: dict[str, Any] = {"time": seconds}
        if isinstance(body, dict) and body.get("device"):
            device = self._device(body["device"])
            if not device.model.mains:
                raise Refused(f"Device '{device.label.name}' cannot let others join")
            data["device"] = body["device"]
        return data, self._network.joining.permit(seconds)

    def _restart(self, _body: Body) -> tuple[dict[str, Any], Effects]:
        network = self._network

        def gone() -> Sequence[Message | Later]:
            return [announce.bridge_state(network.base, False), Later(network.behaviour.restart_s, network.restart)]

        return {}, [Later(0.05, gone)]

    def _options(self, body: Body) -> tuple[dict[str, Any], Effects]:
        options = body.get("options") if isinstance(body, dict) else None
        if not isinstance(options, dict):
            raise Refused("Invalid payload")
        network = self._network
        wish = options.get("homeassistant")
        effects: Effects = []
        if isinstance(wish, dict) and isinstance(wish.get("enabled"), bool):
            effects += network.switch_discovery(wish["enabled"])
        if isinstance(wish, dict) and isinstance(wish.get("discovery_topic"), str):
            _check_name(wish["discovery_topic"])
            network.prefix_after_restart = wish["discovery_topic"]
            network.restart_required = True
        if options.keys() - {"homeassistant"}:
            network.restart_required = True
        effects.append(network.info())
        return {"restart_required": network.restart_required}, effects

    def _map(self, body: Body) -> tuple[dict[str, Any], Effects]:
        kind = body.get("type") if isinstance(body, dict) else body
        if kind not in MAP_KINDS:
            raise Refused(f"Type '{str(kind)[:80]}' not supported, allowed are: {','.join(MAP_KINDS)}")
        routes = isinstance(body, dict) and body.get("routes") is True
        network = self._network
        routers = 1 + sum(device.model.mains for device in network.house.devices)

        def scanned() -> list[Message]:
            found = topology.raw(announce.coordinator_of(network.base), network.house.devices, routes)
            value = {"raw": lambda: found, "graphviz": lambda: topology.graphviz(found),
                     "plantuml": lambda: topology.plantuml(found)}[kind]()  # fmt: skip
            return [self._reply("networkmap", body, {"type": kind, "routes": routes, "value": value})]

        return {"_answered_later": True}, [Later(routers * network.behaviour.map_s, scanned)]

    # -- devices -----------------------------------------------------------------------------------------------------

    def _rename(self, body: Body) -> tuple[dict[str, Any], Effects]:
        network = self._network
        if (
            not isinstance(body, dict)
            or not isinstance(body.get("to"), str)
            or not (body.get("last") or "from" in body)
        ):
            raise Refused("Invalid payload")
        if body.get("last") is True and network.joining.last is None:
            raise Refused("No device has joined since start")
        device = network.joining.last if body.get("last") is True else self._device(body["from"])
        assert device is not None
        _check_name(body["to"])
        if network.groups.find(body["to"]) is not None:
            raise Refused(f"friendly_name '{body['to']}' is already in use")
        former, rename_entities = device.label.name, body.get("homeassistant_rename") is True
        effects: Effects = [
            Message.empty(f"{network.base}/{former}"),
            Message.empty(f"{network.base}/{former}/availability"),
        ]
        if rename_entities and network.discovery:
            effects += [Message.empty(topic) for topic in announce.discovery_topics(device, network.prefix)]
        try:
            network.house.rename(device, body["to"])
        except ValueError as exc:
            raise Refused(str(exc)) from exc
        if rename_entities:
            effects.append(Later(RENAME_PAUSE_S, lambda: network.introduce(device)))
        else:
            effects += network.introduce(device)
        effects += [
            network.devices(),
            announce.availability(device, network.base),
            announce.report(device, network.base),
        ]
        return {"from": former, "to": body["to"], "homeassistant_rename": rename_entities}, effects

    def _remove(self, body: Body) -> tuple[dict[str, Any], Effects]:
        network = self._network
        device = self._device(_id(body))
        force, block = (isinstance(body, dict) and body.get(name) is True for name in ("force", "block"))
        if not force and not device.online:
            raise Refused(
                f"Failed to remove device '{device.label.name}' (block: {str(block).lower()}, force: false) "
                "(Error: AREQ - ZDO - mgmtLeaveRsp after 10000ms)"
            )
        return {"id": _id(body), "block": block, "force": force}, list(network.remove(device, block))

    def _interview(self, body: Body) -> tuple[dict[str, Any], Effects]:
        device = self._reached(body)

        def done() -> list[Message]:
            error = None if device.is_known else f"interview of '{device.label.name}' ({device.label.ieee}) failed"
            data = {"id": _id(body)} if error is None else {}
            return [self._reply("device/interview", body, data, error)]

        return {"_answered_later": True}, self._network.joining.interview(device, done)

    def _configure(self, body: Body) -> tuple[dict[str, Any], Effects]:
        self._reached(body)
        return {"id": _id(body)}, []

    def _device_options(self, body: Body) -> tuple[dict[str, Any], Effects]:
        device = self._device(_id(body))
        return self._change_options(device.options, body)

    def _change_options(self, options: dict[str, Any], body: Body) -> tuple[dict[str, Any], Effects]:
        if not isinstance(body, dict) or not isinstance(body.get("options"), dict):
            raise Refused("Invalid payload")
        before = dict(options)
        options.update({name: value for name, value in body["options"].items() if name != "friendly_name"})
        required = self._network.restart_required
        return {"from": before, "to": dict(options), "id": _id(body), "restart_required": required}, [
            self._network.info()
        ]

    def _bind(self, body: Body) -> tuple[dict[str, Any], Effects]:
        if not isinstance(body, dict) or "from" not in body or "to" not in body:
            raise Refused("Invalid payload")
        self._device(body["from"])
        target = self._network.house.find(str(body["to"])) or self._network.groups.find(body["to"])
        if target is None and body["to"] != "Coordinator":
            raise Refused(f"Target device '{str(body['to'])[:80]}' does not exist")
        clusters = body.get("clusters") if isinstance(body.get("clusters"), list) else ["genOnOff"]
        return {
            "from": body["from"],
            "from_endpoint": "default",
            "to": body["to"],
            "clusters": clusters,
            "failed": [],
        }, []

    # -- firmware ----------------------------------------------------------------------------------------------------

    def _ota(self, request: str, body: Body) -> Effects:
        what, _, previous = request.partition("/")
        topic = f"device/ota_update/{what}"
        network = self._network
        try:
            if what not in ("check", "update", "schedule", "unschedule") or previous not in ("", "downgrade"):
                raise Refused(f"not supported by the simulated network: {request[:80]!r}")
            device = self._device(_id(body))
            firmware = device.firmware
            if firmware is None:
                raise Refused(f"Device '{device.label.name}' does not support OTA updates")
            if firmware.state == "updating":
                raise Refused(f"Update or check for update already in progress for '{device.label.name}'")
            if what in ("update", "check") and not device.online:
                raise Refused(f"Failed to check if update available for '{device.label.name}' (timeout)")
            if what == "update" and not firmware.check():
                raise Refused(f"Update of '{device.label.name}' failed (No image currently available)")
        except Refused as exc:
            return [*network.complaints(str(exc)), self._reply(topic, body, {}, str(exc))]
        if what == "update":
            before = {"software_build_id": firmware.build, "date_code": "20240101"}

            def done() -> Message:
                after = {"software_build_id": firmware.build, "date_code": "20250101"}
                return self._reply(topic, body, {"id": _id(body), "from": before, "to": after})

            return network.update_firmware(device, done)
        data: dict[str, Any] = {"id": _id(body)}
        if what == "check":
            data["update_available"] = firmware.check()
        else:
            firmware.check()
            firmware.state = "scheduled" if what == "schedule" else "available"
        return [announce.report(device, network.base), self._reply(topic, body, data)]

    # -- groups ------------------------------------------------------------------------------------------------------

    def _group_add(self, body: Body) -> tuple[dict[str, Any], Effects]:
        name = body.get("friendly_name") if isinstance(body, dict) else body
        number = body.get("id") if isinstance(body, dict) else None
        if not isinstance(name, str) or not (number is None or type(number) is int):
            raise Refused("Invalid payload")
        _check_name(name)
        if self._network.house.find(name) is not None:
            raise Refused(f"friendly_name '{name}' is already in use")
        try:
            group = self._network.groups.add(name, number)
        except ValueError as exc:
            raise Refused(str(exc)) from exc
        return {"friendly_name": group.name, "id": group.number}, [self._network.group_list()]

    def _group_remove(self, body: Body) -> tuple[dict[str, Any], Effects]:
        network, group = self._network, self._group(_id(body))
        force = isinstance(body, dict) and body.get("force") is True
        effects: Effects = list(network.withdraw_group(group))
        network.groups.remove(group)
        return {"id": _id(body), "force": force}, [*effects, network.group_list()]

    def _group_rename(self, body: Body) -> tuple[dict[str, Any], Effects]:
        if not isinstance(body, dict) or "from" not in body or not isinstance(body.get("to"), str):
            raise Refused("Invalid payload")
        network, group = self._network, self._group(body["from"])
        _check_name(body["to"])
        if network.groups.find(body["to"]) not in (None, group) or network.house.find(body["to"]) is not None:
            raise Refused(f"friendly_name '{body['to']}' is already in use")
        effects: Effects = [Message.empty(f"{network.base}/{group.name}")]
        former, group.name = group.name, body["to"]
        effects += [network.group_list(), *network.introduce_group(group)]
        return {"from": former, "to": group.name, "homeassistant_rename": False}, effects

    def _group_options(self, body: Body) -> tuple[dict[str, Any], Effects]:
        return self._change_options(self._group(_id(body)).options, body)

    def _member(self, body: Body, add: bool) -> tuple[dict[str, Any], Effects]:
        if not isinstance(body, dict) or "group" not in body or "device" not in body:
            raise Refused("Invalid payload")
        network, group = self._network, self._group(body["group"])
        device = self._device(body["device"])
        if not device.online:
            raise Refused(f"Failed to {'add to' if add else 'remove from'} group (timeout)")
        effects: Effects = []
        if add and device not in group.members:
            group.members.append(device)
        elif not add and device in group.members:
            effects += network.withdraw_group(group)
            group.members.remove(device)
        effects += [network.group_list(), *network.introduce_group(group)]
        return {"device": body["device"], "endpoint": body.get("endpoint", "default"), "group": body["group"]}, effects

    def _remove_all(self, body: Body) -> tuple[dict[str, Any], Effects]:
        if not isinstance(body, dict) or "device" not in body:
            raise Refused("Invalid payload")
        self._network.groups.forget(self._device(body["device"]))
        return {"device": body["device"], "endpoint": "default"}, [self._network.group_list()]

    # -- whom a name means -------------------------------------------------------------------------------------------

    def _device(self, name: Any) -> Device:
        device = self._network.house.find(name) if isinstance(name, str) else None
        if device is None:
            raise Refused(f"Device '{str(name)[:80]}' does not exist")
        return device

    def _reached(self, body: Body) -> Device:
        device = self._device(_id(body))
        if not device.online:
            raise Refused(f"Failed to reach '{device.label.name}' (timeout)")
        return device

    def _group(self, name: Any) -> Group:
        group = self._network.groups.find(name) if isinstance(name, str | int) else None
        if group is None:
            raise Refused(f"Group '{str(name)[:80]}' does not exist")
        return group


def _parsed(payload: bytes) -> Body:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload.decode("utf-8", "replace").strip()


def _id(body: Body) -> Any:
    return body.get("id") if isinstance(body, dict) else body


def _check_name(name: str) -> None:
    if not name or len(name) > 200 or any(char in "+#\0" for char in name) or name.strip("/ ") != name:
        raise Refused(f"friendly_name '{name[:80]}' is not allowed")
