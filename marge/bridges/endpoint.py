"""Which broker this home uses, and what a client shows it. For every bridge that speaks MQTT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from marge.config import MargeSettings
    from marge.home import Home

ACCOUNTS = "mqtt_accounts"
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}
PROGRAMS = "process_bridges"
"""In `home.shared`: the names of bridges that are programs. They tell their own status."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection is encrypted. Paths of files, or PEM text as a flow stores it; None: the system's, none.

    Attributes:
        insecure: believe any certificate.
    """

    ca: str | None = None
    certificate: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the broker is, and who we are. Its repr holds no secret.

    Attributes:
        is_own: the broker that Marge starts: it is here, and comes back at once.
        client_id: None: another one each time. session_expiry_s: how long the broker keeps what comes for us while we
            are away; 0: not at all.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls | None = None
    protocol: Literal["3.1.1", "5"] = "3.1.1"
    transport: Literal["tcp", "websockets"] = "tcp"
    ws_path: str = "/"
    ws_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    keepalive_s: int = 30
    client_id: str | None = None
    session_expiry_s: int = 0
    is_own: bool = False

    @property
    def address(self) -> str:
        """For people: `broker.example:8883`."""
        return f"{self.host}:{self.port}"


class ProgramTopics(NamedTuple):
    """What a bridge that is a program may say and hear without being asked. `prefix`: of its discovery."""

    prefix: str
    status: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def program_topics(name: str) -> ProgramTopics:
    """The topics of the program `name`."""
    prefix, status = f"marge/bridge/{name}", f"marge/integration/{name}/status"
    return ProgramTopics(
        prefix, status, (f"{prefix}/#", status),
        (f"{prefix}/#", status, "homeassistant/status", "marge/system/status"),
    )  # fmt: skip


def entry_data(home: Home) -> Mapping[str, Any]:
    """What the user's config entry says of the broker: HA's keys. Empty when the files say it, or nobody has."""
    if home.config.marge.broker != "auto" or home.config.marge.broker_host is not None:
        return {}
    for entry in home.registries.config_entries.for_domain("mqtt"):
        if entry.data.get("broker"):
            return dict(entry.data)
    return {}


def uses_own_broker(home: Home) -> bool:
    """Whether Marge starts the broker of this home."""
    return home.config.marge.broker not in ("external", "none") and not entry_data(home)


def endpoint_of(home: Home) -> Endpoint | None:
    """The broker of this home and Marge's account there; None: there is none, or nobody said where it is."""
    settings = home.config.marge
    if settings.broker == "none":
        return None
    data = entry_data(home)
    if data:
        return of_entry(data)
    if settings.broker == "external":
        return None if settings.broker_host is None else _of_files(settings)
    accounts = home.shared.get(ACCOUNTS)
    credential = None if accounts is None else accounts.marge
    return Endpoint(
        _HERE.get(settings.mqtt_host, settings.mqtt_host), settings.mqtt_port,
        None if credential is None else credential.username, None if credential is None else credential.password,
        is_own=True,
    )  # fmt: skip


def _of_files(settings: MargeSettings) -> Endpoint:
    """The external broker of the files."""
    assert settings.broker_host is not None
    wants = settings.broker_tls
    if wants is None:
        wants = settings.broker_ca is not None or settings.broker_certificate is not None or settings.broker_insecure
    tls = None
    if wants:
        tls = Tls(
            _text(settings.broker_ca), _text(settings.broker_certificate), _text(settings.broker_key),
            settings.broker_insecure,
        )  # fmt: skip
    return Endpoint(
        settings.broker_host, settings.broker_port, settings.broker_username, settings.broker_password, tls,
        settings.broker_protocol, settings.broker_transport, settings.broker_ws_path,
        keepalive_s=settings.broker_keepalive_s, client_id=settings.broker_client_id,
        session_expiry_s=settings.broker_session_expiry_s if settings.broker_persistent_session else 0,
    )  # fmt: skip


def of_entry(data: Mapping[str, Any]) -> Endpoint:
    """The broker that HA's entry data names; keys that are absent have HA's defaults."""
    ca, certificate, key = (data.get(name) or None for name in ("certificate", "client_cert", "client_key"))
    insecure = bool(data.get("tls_insecure"))
    tls = None
    if ca or certificate or insecure:
        tls = Tls(None if ca == "auto" else ca, certificate, key, insecure)
    return Endpoint(
        str(data["broker"]), int(data.get("port", 1883)), data.get("username"), data.get("password"), tls,
        "5" if str(data.get("protocol")) == "5" else "3.1.1",
        "websockets" if data.get("transport") == "websockets" else "tcp",
        str(data.get("ws_path") or "/"), dict(data.get("ws_headers") or {}), int(data.get("keepalive", 60)),
        data.get("client_id") or None, 86_400,
    )  # fmt: skip


def _text(path: object) -> str | None:
    return None if path is None else str(path)
