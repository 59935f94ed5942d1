"""Marge's own settings: one table of names, spellings, variables and defaults. Not here: reading files.

A value comes from the first of: the environment variable, the `marge:` block, HA's own section, the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from marge.config import auth_providers, values
from marge.config.auth_providers import AuthProviders, Network
from marge.config.mqtt_values import BridgeProgram, MqttUser, bridge_programs, mirror, mqtt_users, whole_seconds
from marge.config.virtual import VirtualSeed, virtual_entities


@dataclass(frozen=True, slots=True, kw_only=True)
class MargeSettings:
    """What Marge itself is told, beyond what HA's files say. Paths are absolute or relative to the configuration
    directory already resolved."""

    db_path: Path
    profile: Literal["ha", "native"] = "ha"
    auth_mode: Literal["required", "open"] = "required"
    allow_open: bool = False
    auth_token: str | None = field(default=None, repr=False)
    http_host: str = "0.0.0.0"
    http_port: int = 8123
    server: Literal["marge", "pywsgi"] = "marge"
    frontend: Literal["marge", "basic", "home-assistant"] = "marge"
    cors_origins: tuple[str, ...] = ()
    use_x_forwarded_for: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    ip_ban_enabled: bool = True
    login_attempts_threshold: int = -1
    """Failed log-ins from one address until it is banned for good; below 1: never."""
    ssl_certificate: Path | None = None
    ssl_key: Path | None = None
    ssl_peer_certificate: Path | None = None
    ssl_profile: Literal["modern", "intermediate"] = "modern"
    auth_providers: AuthProviders = field(default_factory=AuthProviders)
    mfa_modules: tuple[str, ...] = ("totp",)
    mqtt_host: str = "127.0.0.1"
    """Where the broker that Marge starts listens."""
    mqtt_port: int = 1883
    mqtt_websocket_port: int | None = None
    """Where it listens for MQTT over WebSocket, beside the other port; None: nowhere."""
    mqtt_anonymous: bool | None = None
    """Whether it takes clients without a password; None: when only this machine can reach it."""
    mqtt_users: tuple[MqttUser, ...] = ()
    mqtt_persistence: bool | None = None
    """Whether its retained messages outlive Marge; None: with the profile `ha`."""
    mqtt_mirror: tuple[str, ...] = ()
    """Domains and entity ids whose states are published under `marge/state/`; `*` is everything."""
    broker: Literal["auto", "mosquitto", "amqtt", "external", "none"] = "auto"
    """`none`: this home has no MQTT."""
    broker_host: str | None = None
    broker_port: int = 1883
    broker_username: str | None = None
    broker_password: str | None = field(default=None, repr=False)
    broker_tls: bool | None = None
    """None: when one of the certificates below is set."""
    broker_ca: Path | None = None
    """Whose certificates are believed; None: those that the system trusts."""
    broker_certificate: Path | None = None
    broker_key: Path | None = None
    broker_insecure: bool = False
    """Believe any certificate, whoever shows it."""
    broker_protocol: Literal["3.1.1", "5"] = "3.1.1"
    broker_transport: Literal["tcp", "websockets"] = "tcp"
    broker_ws_path: str = "/"
    broker_keepalive_s: int = 30
    broker_client_id: str | None = None
    broker_persistent_session: bool = True
    broker_session_expiry_s: int = 86_400
    bridges: tuple[BridgeProgram, ...] = ()
    zigbee2mqtt: tuple[str, ...] = ()
    """Base topics of zigbee2mqtts; others of one level are found by themselves."""
    history_url: str | None = field(default=None, repr=False)
    """A PostgreSQL server for the history; None: it is in `db_path`, too."""
    history_days: int = 10
    """0 keeps everything; also when the configured number could not be read, since deleting cannot be undone."""
    commit_interval_s: float = 1.0
    auto_repack: bool = True
    automations_path: Path | None = None
    scenes_path: Path | None = None
    dashboard_path: Path | None = None
    matter_url: str | None = None
    """WebSocket of the Matter server; None: there is none, unless a config entry says so."""
    weather: bool = False
    """Whether the weather at home is fetched from `weather_url`."""
    weather_url: str = "https://api.met.no/weatherapi/locationforecast/2.0/complete"
    simulator: bool = False
    simulated_time: bool = False
    allow_remote_stop: bool = False
    virtual_entities: Mapping[str, VirtualSeed] = field(default_factory=dict)
    log_level: str = "info"
    log_format: Literal["auto", "text", "json"] = "auto"
    log_levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        name: the field of `MargeSettings`.
        keys: spellings below `marge:`, dotted; the first is the one the documentation uses.
        parse: see `marge.config.values`.
        env: the environment variable, if any.
        ha: where HA's files say the same, dotted from the top.
        fatal: with a wrong value Marge must not start.
        secret: never shown in a message.
    """

    name: str
    keys: tuple[str, ...]
    parse: Callable[[object], Any]
    env: str | None = None
    ha: tuple[str, ...] = ()
    fatal: bool = False
    secret: bool = False


_PROTOCOL = values.one_of("3.1.1", "5", **{"3": "3.1.1", "3.1": "3.1.1", "4": "3.1.1", "5.0": "5"})

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "profile",
        ("compat.profile", "profile"),
        values.one_of("ha", "native", ha_strict="ha"),
        "MARGE_COMPAT_PROFILE",
    ),
    Setting("auth_mode", ("auth.mode", "auth_mode"), values.one_of("required", "open"), "MARGE_AUTH_MODE"),
    Setting(
        "allow_open", ("auth.allow_open", "allow_open"), values.boolean, "MARGE_AUTH_ALLOW_OPEN", fatal=True
    ),
    Setting("auth_token", ("auth.token", "auth_token"), values.text, "MARGE_AUTH_TOKEN", fatal=True, secret=True),
    Setting(
        "http_host", ("http.host", "http_host"), values.host, "MARGE_HTTP_HOST", ("http.server_host",), fatal=True
    ),
    Setting(
        "http_port", ("http.port", "http_port"), values.port, "MARGE_HTTP_PORT", ("http.server_port",), fatal=True
    ),
    Setting("server", ("http.server", "server"), values.one_of("marge", "pywsgi")),
    Setting(
        "frontend", ("http.frontend", "frontend"), values.one_of("marge", "basic", "home-assistant"), "MARGE_FRONTEND"
    ),
    Setting(
        "cors_origins", ("http.cors_origins", "cors_origins"), values.texts, None, ("http.cors_allowed_origins",)
    ),
    Setting(
        "use_x_forwarded_for", ("http.use_x_forwarded_for",), values.boolean, None, ("http.use_x_forwarded_for",),
        fatal=True,
    ),
    Setting(
        "trusted_proxies", ("http.trusted_proxies",), auth_providers.networks, None, ("http.trusted_proxies",),
        fatal=True,
    ),
    Setting(
        "ip_ban_enabled", ("http.ip_ban_enabled",), values.boolean, None, ("http.ip_ban_enabled",), fatal=True
    ),
    Setting(
        "login_attempts_threshold",
        ("http.login_attempts_threshold",),
        values.attempts,
        None,
        ("http.login_attempts_threshold",),
        fatal=True,
    ),
    Setting(
        "ssl_certificate", ("http.ssl_certificate",), values.path, None, ("http.ssl_certificate",), fatal=True
    ),
    Setting("ssl_key", ("http.ssl_key",), values.path, None, ("http.ssl_key",), fatal=True),
    Setting(
        "ssl_peer_certificate",
        ("http.ssl_peer_certificate",),
        values.path,
        None,
        ("http.ssl_peer_certificate",),
        fatal=True,
    ),
    Setting(
        "ssl_profile",
        ("http.ssl_profile",),
        values.one_of("modern", "intermediate"),
        None,
        ("http.ssl_profile",),
        fatal=True,
    ),
    Setting(
        "auth_providers",
        ("auth.providers",),
        auth_providers.auth_providers,
        None,
        ("homeassistant.auth_providers",),
        fatal=True,
    ),
    Setting(
        "mfa_modules",
        ("auth.mfa_modules",),
        auth_providers.mfa_modules,
        None,
        ("homeassistant.auth_mfa_modules",),
        fatal=True,
    ),
    Setting("mqtt_host", ("mqtt.host", "mqtt_host"), values.host, "MARGE_MQTT_HOST", fatal=True),
    Setting("mqtt_port", ("mqtt.port", "mqtt_port"), values.port, "MARGE_MQTT_PORT", fatal=True),
    Setting(
        "broker",
        ("mqtt.broker", "broker", "broker.kind", "mqtt.broker.kind"),
        values.one_of("auto", "mosquitto", "amqtt", "external", "none"),
    ),
    Setting(
        "mqtt_websocket_port", ("mqtt.websocket_port",), values.port, "MARGE_MQTT_WEBSOCKET_PORT", fatal=True
    ),
    Setting("mqtt_anonymous", ("mqtt.anonymous",), values.boolean, "MARGE_MQTT_ANONYMOUS", fatal=True),
    Setting("mqtt_users", ("mqtt.users",), mqtt_users, secret=True),
    Setting("mqtt_persistence", ("mqtt.persistence",), values.boolean),
    Setting("mqtt_mirror", ("mqtt.mirror",), mirror),
    Setting("broker_host", ("broker.host", "mqtt.broker.host", "broker_host"), values.host),
    Setting("broker_port", ("broker.port", "mqtt.broker.port", "broker_port"), values.port),
    Setting("broker_username", ("broker.username", "mqtt.broker.username", "broker_username"), values.text),
    Setting(
        "broker_password", ("broker.password", "mqtt.broker.password", "broker_password"), values.text, secret=True
    ),
    Setting("broker_tls", ("broker.tls", "mqtt.broker.tls"), values.boolean, fatal=True),
    Setting("broker_ca", ("broker.ca", "mqtt.broker.ca"), values.path, fatal=True),
    Setting("broker_certificate", ("broker.certificate", "mqtt.broker.certificate"), values.path, fatal=True),
    Setting("broker_key", ("broker.key", "mqtt.broker.key"), values.path, fatal=True),
    Setting("broker_insecure", ("broker.insecure", "mqtt.broker.insecure"), values.boolean, fatal=True),
    Setting(
        "broker_protocol", ("broker.protocol", "mqtt.broker.protocol"), lambda value: _PROTOCOL(str(value))
    ),
    Setting(
        "broker_transport", ("broker.transport", "mqtt.broker.transport"),
        values.one_of("tcp", "websockets", websocket="websockets", ws="websockets"),
    ),
    Setting("broker_ws_path", ("broker.ws_path", "mqtt.broker.ws_path"), values.text),
    Setting("broker_keepalive_s", ("broker.keepalive", "mqtt.broker.keepalive"), whole_seconds(10, 3_600)),
    Setting("broker_client_id", ("broker.client_id", "mqtt.broker.client_id"), values.text),
    Setting(
        "broker_persistent_session", ("broker.persistent_session", "mqtt.broker.persistent_session"), values.boolean
    ),
    Setting(
        "broker_session_expiry_s", ("broker.session_expiry", "mqtt.broker.session_expiry"),
        whole_seconds(60, 2_592_000),
    ),
    Setting("bridges", ("bridges",), bridge_programs),
    Setting("zigbee2mqtt", ("zigbee2mqtt",), values.base_topics),
    Setting("db_path", ("recorder.db_path", "db_path"), values.path, "MARGE_DB_PATH", fatal=True),
    Setting(
        "history_url", ("recorder.db_url",), values.postgres_url, "MARGE_HISTORY_URL", ("recorder.db_url",),
        secret=True,
    ),
    Setting(
        "history_days",
        ("recorder.history_days", "history_days"),
        values.days,
        "MARGE_HISTORY_DAYS",
        ("recorder.purge_keep_days",),
    ),
    Setting(
        "commit_interval_s",
        ("recorder.commit_interval_s", "commit_interval_s"),
        values.seconds,
        None,
        ("recorder.commit_interval",),
    ),
    Setting("auto_repack", ("recorder.auto_repack",), values.boolean, None, ("recorder.auto_repack",)),
    Setting("automations_path", ("automations_path",), values.path, "MARGE_AUTOMATIONS_PATH"),
    Setting("scenes_path", ("scenes_path",), values.path, "MARGE_SCENES_PATH"),
    Setting("dashboard_path", ("dashboard_path",), values.path, "MARGE_DASHBOARD_PATH"),
    Setting("matter_url", ("matter.url", "matter_url"), values.websocket_url, "MATTER_WS_URL"),
    Setting("weather", ("weather.enabled", "weather"), values.boolean, "MARGE_WEATHER"),
    Setting("weather_url", ("weather.url",), values.http_url, "MARGE_WEATHER_URL"),
    Setting("simulator", ("simulator",), values.boolean),
    Setting("simulated_time", ("simulated_time",), values.boolean),
    Setting("allow_remote_stop", ("allow_remote_stop",), values.boolean),
    Setting("virtual_entities", ("virtual_entities",), virtual_entities),
    Setting("log_level", ("log.level", "log_level"), values.log_level, "MARGE_LOG_LEVEL", ("logger.default",)),
    Setting(
        "log_format", ("log.format", "log_format"), values.one_of("auto", "text", "json"), "MARGE_LOG_FORMAT"
    ),
)

OTHER_VARIABLES = frozenset({"MARGE_CONFIG", "MARGE_URL", "MARGE_TOKEN"})
"""Read by the command line, not by a running home."""

VARIABLES = frozenset(setting.env for setting in SETTINGS if setting.env) | OTHER_VARIABLES
