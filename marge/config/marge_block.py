"""From the table of settings, the `marge:` block and the environment to `MargeSettings`. Findings, never exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from marge.config import values
from marge.config.known_blocks import report_blocks
from marge.config.nodes import Location, NodeDict, Unresolved, location_of
from marge.config.problems import ENVIRONMENT, ConfigProblem, Problems, Severity, nearest
from marge.config.settings import SETTINGS, VARIABLES, MargeSettings, Setting

_SPELLINGS = frozenset(key for setting in SETTINGS for key in setting.keys)
_GROUPS = frozenset(key.rpartition(".")[0] for key in _SPELLINGS if "." in key) | {"mqtt"}
_PATHS = (
    "db_path", "automations_path", "scenes_path", "dashboard_path", "ssl_certificate", "ssl_key",
    "ssl_peer_certificate", "broker_ca", "broker_certificate", "broker_key",
)


class _Found(NamedTuple):
    """A raw value and where it came from."""

    value: object
    name: str
    file: str | None
    line: int | None


def read_settings(
    sections: Mapping[str, Any],
    env: Mapping[str, str],
    config_dir: Path,
    problems: Problems,
    *,
    all_read: bool = True,
) -> MargeSettings:
    """The settings; every wrong value is reported and its default used.

    Args:
        all_read: the main file was read whole. If not, history is kept for ever: its setting may be what is missing.
    """
    block = sections.get("marge")
    if isinstance(block, NodeDict):
        _report_unknown_keys(block, "", problems)
    elif block is not None and not isinstance(block, Unresolved):
        where = location_of(sections, "marge")
        _add(problems, "error", where, "marge", "`marge:` wants a mapping", None)
    report_blocks(sections, problems)
    _report_unknown_variables(env, problems)
    read: dict[str, Any] = {}
    broken: set[str] = set()
    for setting in SETTINGS:
        for found in _sources(setting, sections, env):
            try:
                read[setting.name] = setting.parse(found.value)
                break
            except ValueError as error:
                broken.add(setting.name)
                _report_value(setting, found, str(error), problems)
    if "history_days" not in read and ("history_days" in broken or not all_read):
        read["history_days"] = 0
    if "history_days" not in read or _said_by_recorder(sections, env):
        purge = _look_up(sections, "recorder.auto_purge")
        if purge is not None and purge.value is False:
            read["history_days"] = 0
    read["log_levels"] = _log_levels(sections, problems)
    read.setdefault("db_path", Path("marge.db"))
    for name in _PATHS:
        if name in read:
            read[name] = config_dir / read[name]
    settings = MargeSettings(**read)
    _check_together(settings, problems)
    return settings


def _said_by_recorder(sections: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    """Whether the retention comes from HA's section, whose `auto_purge: false` then also counts."""
    setting = next(setting for setting in SETTINGS if setting.name == "history_days")
    strongest = next(_sources(setting, sections, env), None)
    return strongest is not None and strongest.name in setting.ha


def _sources(setting: Setting, sections: Mapping[str, Any], env: Mapping[str, str]) -> Iterator[_Found]:
    """Everything that says something about the setting, the strongest first."""
    if setting.env and env.get(setting.env, "") != "":
        yield _Found(env[setting.env], setting.env, ENVIRONMENT, None)
    paths = [f"marge.{key}" for key in setting.keys] + list(setting.ha)
    for path in paths:
        found = _look_up(sections, path)
        # `broker:` may be a word or a block of its own
        if found is not None and not (isinstance(found.value, dict) and path.removeprefix("marge.") in _GROUPS):
            yield found


def _look_up(sections: Mapping[str, Any], path: str) -> _Found | None:
    *parents, last = path.split(".")
    node: Any = sections
    for parent in parents:
        node = node.get(parent) if isinstance(node, dict) else None
    if not isinstance(node, dict) or last not in node or node[last] is None:
        return None
    where = location_of(node, last)
    return _Found(node[last], path, where.file if where else None, where.line if where else None)


def _report_value(setting: Setting, found: _Found, wants: str, problems: Problems) -> None:
    if isinstance(found.value, Unresolved):
        shown = "could not be resolved"
    elif setting.secret or isinstance(found.value, dict | list):
        shown = "has a wrong value"
    else:
        shown = f"is {found.value!r}"[:80]
    severity: Severity = "fatal" if setting.fatal else "error"
    hint = None if setting.fatal else "the default is used"
    if setting.name == "history_days":
        hint = "nothing is deleted until it is right"
    message = f"{found.name} {shown}; it wants {wants}"
    problems.add(ConfigProblem(severity, found.file, found.line, found.name, message, hint))


def _report_unknown_keys(block: NodeDict, prefix: str, problems: Problems) -> None:
    for key, value in block.items():
        name = f"{prefix}{key}"
        if name in _GROUPS and isinstance(value, NodeDict):
            _report_unknown_keys(value, f"{name}.", problems)
        elif name not in _SPELLINGS and not (name in _GROUPS and value is None):
            known = sorted(_SPELLINGS | _GROUPS)
            close = nearest(name, known) or nearest(str(key), known)
            hint = f"did you mean `{close}`?" if close else "see docs/configuration.md for the keys that exist"
            path = f"marge.{name}"
            _add(problems, "error", location_of(block, key), path, f"unknown key `{key}` below `marge:`", hint)


def _report_unknown_variables(env: Mapping[str, str], problems: Problems) -> None:
    for name in sorted(env):
        if name.startswith("MARGE_") and name not in VARIABLES:
            close = nearest(name, sorted(v.lower() for v in VARIABLES))
            hint = f"did you mean {close.upper()}?" if close else None
            message = f"the variable {name} means nothing to Marge"
            problems.add(ConfigProblem("warning", ENVIRONMENT, None, name, message, hint))


def _log_levels(sections: Mapping[str, Any], problems: Problems) -> dict[str, str]:
    """HA's `logger: logs:`, a level for each logger's name."""
    logger = sections.get("logger")
    logs = logger.get("logs") if isinstance(logger, dict) else None
    if logs is None:
        return {}
    if not isinstance(logs, dict):
        _add(problems, "error", location_of(logger, "logs"), "logger.logs", "`logs:` wants names and levels", None)
        return {}
    levels = {}
    for name, level in logs.items():
        try:
            levels[str(name)] = values.log_level(level)
        except ValueError as error:
            where = location_of(logs, name)
            _add(problems, "error", where, f"logger.logs.{name}", f"the level of `{name}` wants {error}", None)
    return levels


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a listener on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_together(settings: MargeSettings, problems: Problems) -> None:
    if settings.auth_mode == "open" and not settings.allow_open and not is_loopback(settings.http_host):
        message = f"auth mode `open` would let everybody in who reaches {settings.http_host}:{settings.http_port}"
        hint = "set http_host to 127.0.0.1, or `auth: allow_open: true` if that is really meant"
        problems.add(ConfigProblem("fatal", None, None, "marge.auth.mode", message, hint))
    if (settings.ssl_key is None) != (settings.ssl_certificate is None):
        message = "encryption needs both `ssl_certificate` and `ssl_key`"
        problems.add(ConfigProblem("fatal", None, None, "http.ssl_certificate", message, None))
    if settings.ssl_peer_certificate is not None and settings.ssl_certificate is None:
        message = "`ssl_peer_certificate` has no effect without `ssl_certificate`"
        problems.add(ConfigProblem("fatal", None, None, "http.ssl_peer_certificate", message, None))
    if settings.use_x_forwarded_for and not settings.trusted_proxies:
        message = "`use_x_forwarded_for` needs `trusted_proxies`"
        problems.add(ConfigProblem("fatal", None, None, "http.trusted_proxies", message, None))
    _check_mqtt(settings, problems)
    if settings.broker == "external" and settings.broker_host is None:
        message = "broker `external` needs `broker: host:`"
        problems.add(ConfigProblem("error", None, None, "marge.broker.host", message, "there is no MQTT until then"))
    if settings.dashboard_path is not None and not (settings.dashboard_path / "index.html").is_file():
        message = f"there is no index.html in {settings.dashboard_path}"
        problems.add(ConfigProblem("error", None, None, "marge.dashboard_path", message, "`/` answers 404 until then"))


def _check_mqtt(settings: MargeSettings, problems: Problems) -> None:
    if settings.broker not in ("external", "none"):
        anonymous = takes_anonymous(settings)
        if not anonymous and not settings.mqtt_users:
            message = f"the broker on {settings.mqtt_host}:{settings.mqtt_port} lets nobody in but Marge"
            hint = "name `marge: mqtt: users:`, or set `mqtt: anonymous: true` if everybody who reaches it may come in"
            problems.add(ConfigProblem("warning", None, None, "marge.mqtt.users", message, hint))
    if (settings.broker_certificate is None) != (settings.broker_key is None):
        message = "a client certificate for the broker needs both `certificate` and `key`"
        problems.add(ConfigProblem("fatal", None, None, "marge.broker.certificate", message, None))
    for name in ("broker_ca", "broker_certificate", "broker_key"):
        file = getattr(settings, name)
        if file is not None and not file.is_file():
            key = f"marge.broker.{name.removeprefix('broker_')}"
            message = f"{key}: there is no file {file}"
            problems.add(ConfigProblem("error", None, None, key, message, "there is no connection until then"))
    if settings.broker_tls is False and settings.broker_ca is not None:
        message = "`broker: tls: false` and `ca` contradict each other"
        problems.add(ConfigProblem("fatal", None, None, "marge.broker.tls", message, None))


def takes_anonymous(settings: MargeSettings) -> bool:
    """Whether the broker that Marge starts takes clients without a password: what is set, else on the loopback."""
    if settings.mqtt_anonymous is not None:
        return settings.mqtt_anonymous
    return is_loopback(settings.mqtt_host)


def _add(
    problems: Problems, severity: Severity, where: Location | None, path: str, message: str, hint: str | None
) -> None:
    problems.add(
        ConfigProblem(severity, where.file if where else None, where.line if where else None, path, message, hint)
    )
