"""One simulated Tasmota device: what it is, how it answers commands, what it reports. No sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from marge.simulate.messages import Message
from marge.util.dt import iso

VERSION = "14.4.1(release-tasmota)"
STATES = ["OFF", "ON", "TOGGLE", "HOLD"]
OPTIONS = (4, 11, 13, 17, 20, 30, 68, 73, 82, 114, 117)
_COMMAND = re.compile(r"([A-Za-z]+?)(\d*)")
_ON = {"ON": True, "1": True, "TRUE": True, "OFF": False, "0": False, "FALSE": False}


@dataclass(frozen=True)
class Model:
    """A kind of device. `light`: 0 none, 1 dimmer, 2 white tones, 3 colours, 5 colours and white tones."""

    name: str
    module: str
    relays: tuple[int, ...] = ()
    light: int = 0
    energy: bool = False
    climate: bool = False
    shutters: int = 0
    fan: bool = False
    buttons: int = 0
    switches: tuple[int, ...] = ()
    options: tuple[int, ...] = ()


MODELS = (
    Model("Plug", "Sonoff POW R2", (1,), energy=True, buttons=1),
    Model("Sensor", "Sonoff TH", (1,), climate=True, buttons=1),
    Model("Dimmer", "Shelly Dimmer 2", (2,), light=1, energy=True),
    Model("Lamp", "Generic RGBCCT", (2,), light=5),
    Model("Spot", "Generic CCT", (2,), light=2),
    Model("Double", "Sonoff Dual R2", (1, 1), buttons=2, switches=(1, 0), options=(73, 114)),
    Model("Blind", "Shelly 2.5", (3, 3), shutters=1),
    Model("Fan", "Sonoff iFan03", (1,), fan=True),
)


def _padded(values: tuple[int, ...], fill: int = 0) -> list[int]:
    return [*values, *[fill] * (8 - len(values))][:8]


@dataclass
class TasmotaDevice:
    """A device and its state."""

    model: Model
    number: int
    random: Random
    online: bool = True
    powers: list[bool] = field(default_factory=list)
    dimmer: int = 60
    ct: int = 300
    hue: int = 30
    saturation: int = 80
    white: int = 0
    scheme: int = 0
    fade: bool = False
    speed: int = 1
    fan_speed: int = 0
    position: int = 100
    direction: int = 0
    target: int = 100
    total: float = 12.5
    temperature: float = 21.0
    option19: bool = False
    uptime_s: int = 60

    def __post_init__(self) -> None:
        self.powers = [False] * len(self.model.relays)
        self.mac = f"{0x5CCF7F000000 + self.number:012X}"
        self.topic = f"tasmota_{self.mac[-6:]}"
        self.name = f"{self.model.name} {self.number}"

    # -- what it says ------------------------------------------------------------------------------------------------

    def presence(self, online: bool) -> Message:
        """Its last will, and its greeting."""
        return Message(f"tele/{self.topic}/LWT", b"Online" if online else b"Offline", retain=True, qos=1)

    def config(self) -> dict[str, Any]:
        """`tasmota/discovery/<mac>/config`."""
        model = self.model
        names = [self.name if index == 0 else f"{self.name} {index + 1}" for index in range(len(model.relays))]
        return {
            "ip": f"192.0.2.{self.number % 254 + 1}", "dn": self.name, "fn": (names + [None] * 8)[:8],
            "hn": f"{self.topic.replace('_', '-')}-{self.number}", "mac": self.mac, "md": model.module, "ty": 0,
            "if": int(model.fan), "cam": 0, "ofln": "Offline", "onln": "Online", "state": STATES,
            "sw": VERSION.partition("(")[0], "t": self.topic, "ft": "%prefix%/%topic%/",
            "tp": ["cmnd", "stat", "tele"], "rl": _padded(model.relays), "swc": _padded(model.switches, -1),
            "swn": [None] * 8, "btn": _padded((1,) * model.buttons),
            "so": {str(number): int(number in model.options) for number in OPTIONS}, "lk": int(model.light > 0),
            "lt_st": model.light, "bat": 0, "dslp": 0, "sho": [0] * model.shutters,
            "sht": [[0, 0, 0] for _ in range(model.shutters)], "ver": 1,
        }  # fmt: skip

    def sensors(self) -> dict[str, Any]:
        """What it measures: the body of SENSOR messages."""
        told: dict[str, Any] = {"Time": self._time()}
        for index, mode in enumerate(self.model.switches, 1):
            if mode:
                told[f"Switch{index}"] = "OFF"
        if self.model.energy:
            power = 42 if any(self.powers) else 0
            told["ENERGY"] = {
                "TotalStartTime": "2026-01-01T00:00:00", "Total": round(self.total, 3), "Yesterday": 0.512,
                "Today": round(self.total % 1, 3), "Period": 0, "Power": power, "ApparentPower": power + 4,
                "ReactivePower": 12, "Factor": 0.91 if power else 0, "Voltage": 231, "Current": round(power / 231, 3),
            }  # fmt: skip
        if self.model.climate:
            told["AM2301"] = {"Temperature": round(self.temperature, 1), "Humidity": 48.2, "DewPoint": 9.6}
        if self.model.shutters:
            told["Shutter1"] = self._shutter()
        if self.model.climate:
            told["TempUnit"] = "C"
        return told

    def state(self) -> dict[str, Any]:
        """The body of STATE messages."""
        return {
            "Time": self._time(), "Uptime": f"0T00:{self.uptime_s // 60:02}:{self.uptime_s % 60:02}",
            "UptimeSec": self.uptime_s, "Heap": 25, "SleepMode": "Dynamic", "Sleep": 50, "LoadAvg": 19, "MqttCount": 1,
            **self._lights(), **({"FanSpeed": self.fan_speed} if self.model.fan else {}),
            "Wifi": {
                "AP": 1, "SSId": "simulated", "BSSId": "00:00:5E:00:53:01", "Channel": 6, "Mode": "11n", "RSSI": 82,
                "Signal": -59, "LinkCount": 1, "Downtime": "0T00:00:03",
            },
        }  # fmt: skip

    def report(self) -> list[Message]:
        """A round of telemetry."""
        if not self.online:
            return []
        self.uptime_s += 10
        self.temperature += self.random.uniform(-0.2, 0.2)
        if self.model.energy and any(self.powers):
            self.total += 0.001
        messages = [Message.json(f"tele/{self.topic}/STATE", self.state())]
        if len(self.sensors()) > 1:
            messages.append(Message.json(f"tele/{self.topic}/SENSOR", self.sensors()))
        return messages

    def greeting(self) -> list[Message]:
        """What it says when it has connected."""
        tele = f"tele/{self.topic}"
        address = self.config()["ip"]
        info = {"Info1": {"Module": self.model.module, "Version": VERSION, "FallbackTopic": "cmnd/DVES_fb/",
                          "GroupTopic": "cmnd/tasmotas/"}}  # fmt: skip
        return [
            *self.announcement(),
            self.presence(True),
            Message.json(f"{tele}/INFO1", info),
            Message.json(f"{tele}/INFO2", {"Info2": {"WebServerMode": "Admin", "Hostname": self.topic,
                                                     "IPAddress": address}}),
            Message.json(f"{tele}/INFO3", {"Info3": {"RestartReason": "Power On", "BootCount": 5}}),
            *self.report(),
        ]  # fmt: skip

    def announcement(self) -> list[Message]:
        """Native discovery, or (SetOption19) Home Assistant's; what is not said is cleared."""
        base = f"tasmota/discovery/{self.mac}"
        native = [
            Message.json(f"{base}/config", self.config(), retain=True, qos=1),
            Message.json(f"{base}/sensors", {"sn": self.sensors(), "ver": 1}, retain=True, qos=1),
        ]
        theirs = list(self._home_assistant())
        gone = native if self.option19 else theirs
        return [*(Message(each.topic, b"", True, 1) for each in gone), *(theirs if self.option19 else native)]

    def _home_assistant(self) -> Iterator[Message]:
        """As older releases announce themselves."""
        short = self.mac[-6:]
        device = {
            "identifiers": [short], "connections": [["mac", ":".join(re.findall("..", self.mac))]], "name": self.name,
            "model": self.model.module, "sw_version": VERSION, "manufacturer": "Tasmota",
        }  # fmt: skip
        common = {
            "avty_t": "~LWT", "pl_avail": "Online", "pl_not_avail": "Offline", "device": device,
            "~": f"tele/{self.topic}/",
        }  # fmt: skip
        for index, kind in enumerate(self.model.relays, 1):
            if kind == 1:
                power = f"POWER{index}" if len(self.model.relays) > 1 else "POWER"
                yield Message.json(
                    f"homeassistant/switch/{short}_RL_{index}/config",
                    {
                        "name": None if index == 1 else f"Relay {index}", "cmd_t": f"cmnd/{self.topic}/{power}",
                        "stat_t": "~STATE", "val_tpl": f"{{{{value_json.{power}}}}}", "pl_off": "OFF", "pl_on": "ON",
                        "uniq_id": f"{short}_RL_{index}", **common,
                    },
                    retain=True, qos=1,
                )  # fmt: skip
        for group, values in self.sensors().items():
            for name in values if isinstance(values, dict) else ():
                yield Message.json(
                    f"homeassistant/sensor/{short}_{group}_{name}/config",
                    {
                        "name": f"{group} {name}", "stat_t": "~SENSOR", "frc_upd": True,
                        "val_tpl": f"{{{{value_json['{group}']['{name}']}}}}", "uniq_id": f"{short}_{group}_{name}",
                        **common,
                    },
                    retain=True, qos=1,
                )  # fmt: skip

    def _time(self) -> str:
        return iso(1_767_225_600 + self.uptime_s)[:19]

    def _lights(self) -> dict[str, Any]:
        single = len(self.powers) == 1
        told: dict[str, Any] = {
            "POWER" if single else f"POWER{index}": STATES[on] for index, on in enumerate(self.powers, 1)
        }
        kind = self.model.light
        if kind:
            told["Dimmer"] = self.dimmer
        if kind in (2, 5):
            told["CT"] = self.ct
        if kind in (3, 5):
            value = 0 if self.white else self.dimmer
            told |= {
                "HSBColor": f"{self.hue},{self.saturation},{value}", "White": self.white, "Scheme": self.scheme,
                "Fade": STATES[self.fade], "Speed": self.speed, "LedTable": "ON",
            }  # fmt: skip
        return told

    def _shutter(self) -> dict[str, Any]:
        return {"Position": self.position, "Direction": self.direction, "Target": self.target, "Tilt": 0}

    # -- commands ----------------------------------------------------------------------------------------------------

    def command(self, text: str, payload: str) -> list[Message]:
        """Carry out `cmnd/<topic>/<text>` and answer."""
        match = _COMMAND.fullmatch(text)
        name, index = (match[1].lower(), int(match[2] or 1)) if match else ("", 1)
        if name == "backlog":
            answers = []
            for part in payload.split(";")[:30]:
                word, _, value = part.strip().partition(" ")
                if word:
                    answers += self.command(word, value.strip())
            return answers
        if name == "nodelay" or name == "delay":
            return []
        if name == "state":
            return [Message.json(f"stat/{self.topic}/RESULT", self.state())]
        if name == "status":
            return self._status(payload.strip() or "0")
        answer = self._carry_out(name, index, payload.strip())
        result = [Message.json(f"stat/{self.topic}/RESULT", answer)]
        if name == "power" and 1 <= index <= len(self.powers):
            word = "POWER" if len(self.powers) == 1 else f"POWER{index}"
            result.append(Message(f"stat/{self.topic}/{word}", STATES[self.powers[index - 1]].encode()))
            if self.option19:  # which Home Assistant's discovery reads: SetOption59 is on then
                result.append(Message.json(f"tele/{self.topic}/STATE", self.state()))
        if name == "setoption" and index == 19 and payload:
            result += self.announcement()
        return result

    def _carry_out(self, name: str, index: int, value: str) -> dict[str, Any]:
        light, number = self.model.light, int(value) if value.lstrip("-").isdigit() else None
        match name:
            case "power" if 1 <= index <= len(self.powers):
                if value.upper() in ("TOGGLE", "2"):
                    self.powers[index - 1] = not self.powers[index - 1]
                elif value.upper() in _ON:
                    self.powers[index - 1] = _ON[value.upper()]
                if light:
                    return self._lights()
                word = "POWER" if len(self.powers) == 1 else f"POWER{index}"
                return {word: STATES[self.powers[index - 1]]}
            case "dimmer" if light:
                if number is not None:
                    self.dimmer = min(max(number, 0), 100)
                    self.powers[0] = self.dimmer > 0
                return self._lights()
            case "ct" if light in (2, 5):
                if number is not None:
                    self.ct, self.powers[0] = min(max(number, 153), 500), True
                    self.white = self.dimmer if light == 5 else 0
                return self._lights()
            case "hsbcolor" if light in (3, 5) and number is not None:
                self.white, self.powers[0] = 0, True
                if index == 1:
                    self.hue = number % 361
                elif index == 2:
                    self.saturation = min(max(number, 0), 100)
                else:
                    self.dimmer = min(max(number, 0), 100)
                return self._lights()
            case "white" if light == 5 and number is not None:
                self.white = self.dimmer = min(max(number, 1), 100)
                self.powers[0] = True
                return self._lights()
            case "scheme" if light in (3, 5) and number is not None and 0 <= number <= 4:
                self.scheme = number
                return self._lights()
            case "fade" if light:
                self.fade = value.upper() in ("1", "ON")
                return {"Fade": STATES[self.fade]}
            case "speed" if light:
                self.speed = number or self.speed
                return {"Speed": self.speed}
            case "fanspeed" if self.model.fan:
                if number is not None and 0 <= number <= 3:
                    self.fan_speed = number
                return {"FanSpeed": self.fan_speed}
            case "shutteropen" | "shutterclose" | "shutterposition" | "shutterstop" if self.model.shutters:
                wanted = {"shutteropen": 100, "shutterclose": 0}.get(name, number)
                if wanted is not None and name != "shutterstop":
                    self.position = self.target = min(max(wanted, 0), 100)
                return {"Shutter1": self._shutter()}
            case "setoption" if index == 19:
                self.option19 = _ON.get(value.upper(), self.option19)
                return {"SetOption19": STATES[self.option19]}
            case "teleperiod":
                return {"TelePeriod": number or 300}
            case "restart":
                return {"Restart": "Restarting"}
        return {"Command": "Unknown"}

    def _status(self, which: str) -> list[Message]:
        config = self.config()
        about: dict[str, dict[str, Any]] = {
            "": {"Status": {"Module": 0, "DeviceName": self.name, "FriendlyName": [self.name], "Topic": self.topic,
                            "Power": "".join("1" if on else "0" for on in self.powers) or "0"}},
            "1": {"StatusPRM": {"Baudrate": 115200, "GroupTopic": "tasmotas", "RestartReason": "Power On",
                                "Uptime": "0T00:01:00", "StartupUTC": "2026-01-01T00:00:00", "BootCount": 5}},
            "2": {"StatusFWR": {"Version": VERSION, "BuildDateTime": "2026-01-01T00:00:00", "Core": "2_7_8"}},
            "5": {"StatusNET": {"Hostname": config["hn"], "IPAddress": config["ip"], "Mac": self.mac}},
            "8": {"StatusSNS": self.sensors()},
            "10": {"StatusSNS": self.sensors()},
            "11": {"StatusSTS": self.state()},
        }  # fmt: skip
        wanted = list(about) if which == "0" else [which] if which in about else [""]
        return [Message.json(f"stat/{self.topic}/STATUS{each}", about[each]) for each in wanted]
