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
    frontend: Literal["marge", "home-assistant"] = "marge"
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
    """Where the broker that Marge starts listens. It takes anonymous clients, so only this machine by default."""
    mqtt_port: int = 1883
    broker: Literal["auto", "mosquitto", "amqtt", "external", "none"] = "auto"
    """`none`: this home has no MQTT."""
    broker_host: str | None = None
    broker_port: int = 1883
    broker_username: str | None = None
    broker_password: str | None = field(default=None, repr=False)
    history_days: int = 10
    """0 keeps everything; also when the configured number could not be read, since deleting cannot be undone."""
    commit_interval_s: float = 1.0
    automations_path: Path | None = None
    scenes_path: Path | None = None
    dashboard_path: Path | None = None
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
    Setting("frontend", ("http.frontend", "frontend"), values.one_of("marge", "home-assistant"), "MARGE_FRONTEND"),
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
    Setting("broker_host", ("broker.host", "mqtt.broker.host", "broker_host"), values.host),
    Setting("broker_port", ("broker.port", "mqtt.broker.port", "broker_port"), values.port),
    Setting("broker_username", ("broker.username", "mqtt.broker.username", "broker_username"), values.text),
    Setting(
        "broker_password", ("broker.password", "mqtt.broker.password", "broker_password"), values.text, secret=True
    ),
    Setting("db_path", ("recorder.db_path", "db_path"), values.path, "MARGE_DB_PATH", fatal=True),
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
    Setting("automations_path", ("automations_path",), values.path, "MARGE_AUTOMATIONS_PATH"),
    Setting("scenes_path", ("scenes_path",), values.path, "MARGE_SCENES_PATH"),
    Setting("dashboard_path", ("dashboard_path",), values.path, "MARGE_DASHBOARD_PATH"),
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
