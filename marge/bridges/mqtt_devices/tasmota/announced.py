"""What a Tasmota device says of itself in `tasmota/discovery/<mac>/config`, read and checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marge.bridges.mqtt_devices.books import text_of

DISCOVERY = "tasmota/discovery"
DEFAULT_FULL_TOPIC = "%prefix%/%topic%/"
MAX_RELAYS = 32
MAX_TEXT = 200

RELAY, LIGHT, SHUTTER = 1, 2, 3
"""What a relay drives (`rl`)."""
DIMMER, COLOR_TEMP, RGB, RGBW, RGBCCT = 1, 2, 3, 4, 5
"""Kinds of light (`lt_st`)."""

# The numbers of SetOption.
RESULT_BY_COMMAND, SWAP_SINGLE_DOUBLE, IMMEDIATE, STAY_OFF, AS_LIGHTS = 4, 11, 13, 20, 30
CHANNELS, DETACHED_BUTTONS, NARROW_CT, FIXED_FADE = 68, 73, 82, 117

_MAC = re.compile(r"[0-9A-F]{12}")


class NotTasmota(ValueError):
    """An announcement cannot be understood, or its device cannot be had.

    Attributes:
        issue: the key of a repair issue that somebody should see, with what its text names; None: it is in the log.
    """

    def __init__(self, text: str, issue: str | None = None, **named: str) -> None:
        super().__init__(text)
        self.issue = issue
        self.named = named


@dataclass(frozen=True)
class Announced:
    """One device.

    Attributes:
        mac: 12 hex digits in capitals.
        key: tells its messages apart: its topic's name, or how its topics begin when they are unusual.
        command, stat, tele: beginnings of its topics, with a slash at the end.
        friendly: names of its relays; None where it has none.
        off, on, toggle, hold: its words for them.
        relays: `RELAY`, `LIGHT`, `SHUTTER` or 0 for each.
        switches: `SwitchMode` of each input; -1: there is none.
        options: the numbers of those `SetOption`s that are on.
        shutters: options of each (bit 1: inverted). tilts: lowest angle, highest angle, seconds, of each.
        linked: its light channels are one light.
    """

    mac: str
    name: str
    key: str
    topic: str
    command: str
    stat: str
    tele: str
    usual: bool
    friendly: tuple[str | None, ...] = ()
    online: str = "Online"
    offline: str = "Offline"
    off: str = "OFF"
    on: str = "ON"
    toggle: str = "TOGGLE"
    hold: str = "HOLD"
    model: str = ""
    version: str = ""
    address: str = ""
    relays: tuple[int, ...] = ()
    switches: tuple[int, ...] = ()
    switch_names: tuple[str | None, ...] = ()
    buttons: tuple[int, ...] = ()
    options: frozenset[int] = frozenset()
    light: int = 0
    linked: bool = False
    tuya: bool = False
    fan: bool = False
    battery: bool = False
    sleeps: bool = False
    shutters: tuple[int, ...] = ()
    tilts: tuple[tuple[int, int, int], ...] = ()
    sensors: Mapping[str, Any] = field(default_factory=dict, compare=False)


def mac_of(topic: str) -> str:
    """The address in `tasmota/discovery/<mac>/…`.

    Raises:
        NotTasmota: it is none.
    """
    mac = topic.split("/")[-2]
    if not _MAC.fullmatch(mac):
        raise NotTasmota(f"{topic}: '{mac[:40]}' is no address of 12 hex digits in capitals")
    return mac


def read_config(mac: str, sent: Any) -> Announced:
    """The device that a config message describes.

    Args:
        mac: the address in the topic, which the message must repeat.

    Raises:
        NotTasmota: what is needed is missing or wrong.
    """
    if not isinstance(sent, dict):
        raise NotTasmota("the config is no JSON object")
    if str(sent.get("mac", "")).upper() != mac:
        raise NotTasmota(f"the config names another address than its topic, which has {mac}")
    topic = text_of(sent.get("t"))
    if not topic or set(topic) & set("+#\0") or len(topic) > MAX_TEXT:
        raise NotTasmota("'t', the device's topic, is missing or has wildcards")
    prefixes = sent.get("tp")
    if not isinstance(prefixes, list) or len(prefixes) != 3 or not all(isinstance(each, str) for each in prefixes):
        raise NotTasmota("'tp', the three prefixes, is missing")
    full = text_of(sent.get("ft")) or DEFAULT_FULL_TOPIC
    if "%prefix%" not in full:
        raise NotTasmota(
            "'ft', the full topic, has no %prefix%: commands could not be told from states", "topic_no_prefix",
            name=text_of(sent.get("dn"))[:MAX_TEXT] or mac, ip=text_of(sent.get("ip"))[:MAX_TEXT],
        )  # fmt: skip
    if not full.endswith("/"):
        full += "/"
    words = {
        "topic": topic, "hostname": text_of(sent.get("hn")), "id": mac[-6:],
    }  # fmt: skip
    command, stat, tele = (_filled(full, {**words, "prefix": prefix}) for prefix in prefixes)
    usual = full == DEFAULT_FULL_TOPIC and prefixes == ["cmnd", "stat", "tele"] and "/" not in topic
    friendly = tuple(each[:MAX_TEXT] if isinstance(each, str) else None for each in _items(sent, "fn", MAX_RELAYS))
    states = [text_of(each) for each in _items(sent, "state", 4)]
    states += ["OFF", "ON", "TOGGLE", "HOLD"][len(states) :]
    name = text_of(sent.get("dn")) or (friendly[0] if friendly and friendly[0] else "Tasmota")
    return Announced(
        mac=mac,
        name=name[:MAX_TEXT],
        key=topic if usual else tele,
        topic=topic,
        command=command,
        stat=stat,
        tele=tele,
        usual=usual,
        friendly=friendly,
        online=text_of(sent.get("onln")) or "Online",
        offline=text_of(sent.get("ofln")) or "Offline",
        off=states[0] or "OFF",
        on=states[1] or "ON",
        toggle=states[2] or "TOGGLE",
        hold=states[3] or "HOLD",
        model=text_of(sent.get("md"))[:MAX_TEXT],
        version=text_of(sent.get("sw"))[:MAX_TEXT],
        address=text_of(sent.get("ip"))[:MAX_TEXT],
        relays=_numbers(sent, "rl"),
        switches=_numbers(sent, "swc"),
        switch_names=tuple(
            each[:MAX_TEXT] if isinstance(each, str) and each else None for each in _items(sent, "swn", MAX_RELAYS)
        ),
        buttons=_numbers(sent, "btn"),
        options=_options(sent.get("so")),
        light=_number(sent.get("lt_st")),
        linked=bool(_number(sent.get("lk"))),
        tuya=bool(_number(sent.get("ty"))),
        fan=bool(_number(sent.get("if"))),
        battery=bool(_number(sent.get("bat"))),
        sleeps=_number(sent.get("dslp")) > 0,
        shutters=_numbers(sent, "sho"),
        tilts=tuple(_tilt(each) for each in _items(sent, "sht", 16)),
    )


def read_sensors(sent: Any) -> dict[str, Any]:
    """The example of a SENSOR message in `tasmota/discovery/<mac>/sensors`.

    Raises:
        NotTasmota: it is none.
    """
    found = sent.get("sn") if isinstance(sent, dict) else None
    if not isinstance(found, dict):
        raise NotTasmota("'sn', the sensors, is no JSON object")
    return found


def _filled(full: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        full = full.replace(f"%{word}%", value)
    if set(full) & set("+#\0") or len(full) > 4 * MAX_TEXT:
        raise NotTasmota("the full topic has wildcards or is too long")
    return full


def _items(sent: Mapping[str, Any], key: str, most: int) -> list[Any]:
    found = sent.get(key)
    return found[:most] if isinstance(found, list) else []


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, bool)) else 0


def _numbers(sent: Mapping[str, Any], key: str) -> tuple[int, ...]:
    return tuple(_number(each) for each in _items(sent, key, MAX_RELAYS))


def _options(sent: Any) -> frozenset[int]:
    if not isinstance(sent, dict):
        return frozenset()
    return frozenset(int(number) for number, value in sent.items() if number.isascii() and number.isdigit() and value)


def _tilt(sent: Any) -> tuple[int, int, int]:
    if not isinstance(sent, list) or len(sent) != 3:
        return (0, 0, 0)
    return (_number(sent[0]), _number(sent[1]), _number(sent[2]))
