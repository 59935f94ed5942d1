"""The forms of MQTT: which broker, and what is said there. Entry data and options are in Home Assistant's words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marge.errors import NotFound
from marge.integrations import forms
from marge.integrations.flow import Abort, AbortFlow, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, Selector
from marge.integrations.host import host_of

if TYPE_CHECKING:
    from marge.home import Home

CHECK = "mqtt_check"
"""In `home.shared`, by the bridge: `check(data) -> None | "cannot_connect" | "invalid_auth"` tries a broker. Waits."""
UPLOADS = "file_upload"
MAX_PEM_BYTES = 65_536
MAX_TOPIC = 1_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_PREFIX = re.compile(r"[^+#\x00-\x1f\x7f]{1,200}")
_PEMS = {"certificate": "CERTIFICATE", "client_cert": "CERTIFICATE", "client_key": "PRIVATE KEY"}
_KEPT = "__**password_not_changed**__"
"""What the form shows instead of a password that is stored."""


class _Integer(Selector):
    """A number that the frontend knows to be whole."""

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "type": "integer"}


def _integer(minimum: float, maximum: float) -> Selector:
    box = forms.number(minimum=minimum, maximum=maximum, mode="box")
    return _Integer(box.kind, box.config, lambda home, value: int(box.check(home, value)))


@dataclass(frozen=True, slots=True)
class _Said(Field):
    """A field that says its default or suggestion also when there is none, as the recorded form does."""

    def as_dict(self) -> dict[str, Any]:
        shown = Field.as_dict(self)
        if self.required:
            shown.setdefault("default", None)
        else:
            shown.setdefault("description", {"suggested_value": None})
        return shown


def _basic(values: Mapping[str, Any]) -> list[Field]:
    return [
        _Said("broker", forms.text(type="text"), required=True, default=values.get("broker")),
        Field("port", _integer(1.0, 65535.0), required=True, default=values.get("port", 1883)),
        _Said("username", forms.text(type="text"), suggested=values.get("username")),
        _Said("password", forms.text(type="password"), suggested=_KEPT if values.get("password") else None),
    ]


def _advanced(values: Mapping[str, Any]) -> list[Field]:
    ca = values.get("certificate")
    pem = forms.file(".pem,.crt,.cer,.key,application/x-x509-ca-cert,application/pkcs8")
    return [
        Field("client_id", forms.text(type="text"), suggested=values.get("client_id")),
        Field("keepalive", _integer(15.0, 3600.0), default=values.get("keepalive", 60)),
        Field("set_client_cert", forms.boolean(), default=bool(values.get("client_cert"))),
        Field("client_cert", pem),
        Field("client_key", pem),
        Field(
            "set_ca_cert", forms.select(("off", "auto", "custom"), translation_key="set_ca_cert"),
            default="off" if ca is None else "auto" if ca == "auto" else "custom",
        ),
        Field("certificate", pem),
        Field("tls_insecure", forms.boolean(), default=bool(values.get("tls_insecure"))),
        Field("protocol", forms.select(("3.1", "3.1.1", "5")), default=str(values.get("protocol", "3.1.1"))),
        Field("transport", forms.select(("tcp", "websockets")), default=values.get("transport", "tcp")),
        Field("ws_path", forms.text(type="text"), suggested=values.get("ws_path", "/")),
        Field(
            "ws_headers", forms.text(type="text"),
            suggested=json.dumps(values["ws_headers"]) if values.get("ws_headers") else None,
        ),
    ]  # fmt: skip


class MqttFlow(Flow):
    """Asks which broker, and tries it, before anything is stored."""

    minor_version = 2

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._shows_all = False

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        """A new entry. Marge's own broker has one already, which is changed by `reconfigure`."""
        self._refuse_what_the_files_say()
        return self.step_broker(None)

    def step_broker(self, user_input: dict[str, Any] | None) -> Step:
        return self._ask("broker", user_input, {}, lambda data: CreateEntry(str(data["broker"]), data))

    def step_reconfigure(self, user_input: dict[str, Any] | None) -> Step:
        """Another broker, or other settings for it."""
        self._refuse_what_the_files_say()
        entry = self.reconfigured
        assert entry is not None

        def change(data: dict[str, Any]) -> Step:
            title = entry.title if entry.data.get("broker") == data["broker"] else str(data["broker"])
            self.home.registries.config_entries.update(entry.entry_id, data=data, title=title)
            host_of(self.home).reload(entry.entry_id)
            return Abort("reconfigure_successful")

        return self._ask("reconfigure", user_input, entry.data, change)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _refuse_what_the_files_say(self) -> None:
        settings = self.home.config.marge
        if settings.broker != "auto" or settings.broker_host is not None:
            raise AbortFlow("set_up_in_files")

    def _ask(
        self, step_id: str, user_input: dict[str, Any] | None, stored: Mapping[str, Any],
        then: Callable[[dict[str, Any]], Step],
    ) -> Step:  # fmt: skip
        if user_input is None:
            return self._form(step_id, stored, {})
        if user_input.pop("advanced_options", False) and not self._shows_all:
            self._shows_all = True
            return self._form(step_id, {**stored, **user_input}, {})
        errors: dict[str, str] = {}
        data = self._data(user_input, stored, errors)
        if not errors and self._is_own(data):
            errors["base"] = "own_broker"
        if not errors:
            check = self.home.shared.get(CHECK)
            problem = "cannot_connect" if check is None else check(data)
            if problem is None:
                return then(data)
            errors["base"] = problem
        return self._form(step_id, {**stored, **data}, errors)

    def _is_own(self, data: Mapping[str, Any]) -> bool:
        """Whether Marge's own broker is what answers there: naming it would end it."""
        broker = self.home.system.actor("/bridges/broker")
        here = data["broker"] in (*_LOOPBACK, self.home.config.marge.mqtt_host)
        runs = getattr(broker, "status", None) == "running"  # else the port may be that of a broker of the user's
        return runs and here and bool(data["port"] == self.home.config.marge.mqtt_port)

    def _form(self, step_id: str, values: Mapping[str, Any], errors: dict[str, str]) -> Step:
        fields = _basic(values)
        if self._shows_all or any(name in values for name in ("protocol", "transport", "certificate", "client_cert")):
            self._shows_all = True
            fields += _advanced(values)
        elif self.is_advanced:
            fields.append(Field("advanced_options", forms.boolean(), default=False))
        return ShowForm(step_id, Form(fields), errors=errors)

    def _data(self, given: Mapping[str, Any], stored: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
        """The entry's data of what was typed; `errors` gets what is wrong."""
        broker = str(given["broker"]).strip()
        if not _HOST.fullmatch(broker):
            errors["broker"] = "invalid_broker"
        data: dict[str, Any] = {"broker": broker, "port": int(given["port"])}
        if given.get("username"):
            data["username"] = given["username"]
        password = stored.get("password") if given.get("password") == _KEPT else given.get("password")
        if password:
            data["password"] = password
        if not self._shows_all:
            return data
        for name in ("client_id", "keepalive", "protocol", "transport", "ws_path"):
            if given.get(name) not in (None, ""):
                data[name] = given[name]
        if given.get("ws_headers"):
            try:
                headers = json.loads(given["ws_headers"])
                if not isinstance(headers, dict) or not all(isinstance(each, str) for each in headers.values()):
                    raise ValueError
                data["ws_headers"] = headers
            except ValueError:
                errors["ws_headers"] = "bad_ws_headers"
        if given.get("tls_insecure"):
            data["tls_insecure"] = True
        if given.get("set_ca_cert") == "auto":
            data["certificate"] = "auto"
        elif given.get("set_ca_cert") == "custom":
            self._take_pem(given, stored, data, "certificate", "bad_certificate", errors)
        if given.get("set_client_cert"):
            self._take_pem(given, stored, data, "client_cert", "bad_client_cert", errors)
            self._take_pem(given, stored, data, "client_key", "bad_client_key", errors)
        return data

    def _take_pem(
        self, given: Mapping[str, Any], stored: Mapping[str, Any], data: dict[str, Any], name: str, problem: str,
        errors: dict[str, str],
    ) -> None:  # fmt: skip
        """A file that was uploaded, or the one that is stored."""
        if not given.get(name):
            if stored.get(name) and stored[name] != "auto":
                data[name] = stored[name]
            else:
                errors[name] = problem
            return
        try:
            text = _uploaded(self.home, str(given[name]))
        except (NotFound, OSError, ValueError):
            errors[name] = problem
            return
        if f"{_PEMS[name]}-----" not in text:
            errors[name] = problem
        else:
            data[name] = text


def _uploaded(home: Home, file_id: str) -> str:
    """The text of an uploaded file, which is gone then.

    Raises:
        NotFound, OSError, ValueError: there is none, or it is no text, or too long for a certificate.
    """
    uploads = home.shared.get(UPLOADS)
    if uploads is None:
        raise NotFound("no such file")
    path = Path(uploads.path(file_id))
    if path.stat().st_size > MAX_PEM_BYTES:
        raise ValueError("too long")
    text = path.read_text("ascii")
    uploads.delete(file_id)
    return text


class MqttOptions(Flow):
    """What Marge says when it comes and goes, and where devices announce themselves."""

    def step_init(self, user_input: dict[str, Any] | None) -> Step:
        return self.step_options(None)

    def step_options(self, user_input: dict[str, Any] | None) -> Step:
        assert self.entry is not None
        before = self.entry.options
        if user_input is None:
            return ShowForm("options", _options_form(_flat(before)), errors={}, last_step=True)
        errors: dict[str, str] = {}
        if not _is_topic(user_input.get("discovery_prefix")):
            errors["base"] = "bad_discovery_prefix"
        options: dict[str, Any] = {
            "discovery": user_input.get("discovery", True), "discovery_prefix": user_input.get("discovery_prefix"),
        }  # fmt: skip
        for kind in ("birth", "will"):
            message: dict[str, Any] = {}
            if user_input.get(f"{kind}_enable") and user_input.get(f"{kind}_topic"):
                if not _is_topic(user_input[f"{kind}_topic"]):
                    errors["base"] = f"bad_{kind}"
                message = {
                    "topic": user_input[f"{kind}_topic"], "payload": user_input.get(f"{kind}_payload", ""),
                    "qos": int(user_input.get(f"{kind}_qos", 0)), "retain": user_input.get(f"{kind}_retain", False),
                }  # fmt: skip
            options[f"{kind}_message"] = message
        if errors:
            return ShowForm("options", _options_form(user_input), errors=errors, last_step=True)
        return CreateEntry("", {**before, **options})


def _is_topic(value: object) -> bool:
    return isinstance(value, str) and bool(_PREFIX.fullmatch(value)) and len(value) <= MAX_TOPIC


def _flat(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the form's fields have them."""
    shown: dict[str, Any] = {
        "discovery": options.get("discovery", True), "discovery_prefix": options.get("discovery_prefix"),
    }  # fmt: skip
    for kind in ("birth", "will"):
        message = options.get(f"{kind}_message")
        shown[f"{kind}_enable"] = message is None or bool(message)
        for name, value in (message or {}).items():
            shown[f"{kind}_{name}"] = value
    return shown


def _options_form(values: Mapping[str, Any]) -> Form:
    fields = [
        Field("discovery", forms.boolean(), default=values.get("discovery", True)),
        Field("discovery_prefix", forms.text(type="text"), default=values.get("discovery_prefix") or "homeassistant"),
    ]
    for kind, payload in (("birth", "online"), ("will", "offline")):
        fields += [
            Field(f"{kind}_enable", forms.boolean(), default=values.get(f"{kind}_enable", True)),
            Field(
                f"{kind}_topic", forms.text(type="text"),
                suggested=values.get(f"{kind}_topic", "homeassistant/status"),
            ),
            Field(f"{kind}_payload", forms.text(type="text"), suggested=values.get(f"{kind}_payload", payload)),
            Field(
                f"{kind}_qos", forms.number(minimum=0.0, maximum=2.0, mode="box"),
                default=int(values.get(f"{kind}_qos", 0)),
            ),
            Field(f"{kind}_retain", forms.boolean(), default=values.get(f"{kind}_retain", False)),
        ]  # fmt: skip
    return Form([replace(each) for each in fields])
