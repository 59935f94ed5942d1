"""What the settings pages ask of the server itself: who gets in how, what was left out, and a restart."""

from __future__ import annotations

from typing import Any

import gevent
import structlog
import voluptuous as vol

from marge.actors import native
from marge.components import broken_parts
from marge.config import ConfigProblem, load_home
from marge.config.settings import MargeSettings
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.checking import check_running
from marge.version import HA_VERSION, VERSION

log = structlog.get_logger("marge.http")

ANSWERED_S = 0.5
"""So that who asked for a restart gets the answer."""
MOST_PROBLEMS = 50


@command("marge/system/info", admin=True)
def info(session: Session, message: dict[str, Any]) -> None:
    """Versions, how people get in, what was left out at the start, and whether the server can restart itself."""
    home = session.home
    wrong = [*home.config.problems, *home.shared.get("config_problems", ())]
    session.result(
        message["id"],
        {
            "version": VERSION,
            "ha_version": HA_VERSION,
            "can_restart": home.shared.get("run") is not None,
            "login": _login(home.config.marge),
            "problems": [_told(each) for each in wrong[:MOST_PROBLEMS]],
            "broken_parts": [{"module": part.module, "reason": part.reason} for part in broken_parts(home)],
        },
    )


def _login(settings: MargeSettings) -> dict[str, Any]:
    trusted = settings.auth_providers.trusted
    return {
        "open": settings.auth_mode == "open",
        "providers": list(settings.auth_providers.types),
        "trusted_networks": None
        if trusted is None
        else {
            "networks": [str(each) for each in trusted.networks],
            "restricted": [str(network) for network, _users in trusted.users],
            "bypass": trusted.allow_bypass,
        },
        "trusted_proxies": [str(each) for each in settings.trusted_proxies] if settings.use_x_forwarded_for else [],
        "ban_after": settings.login_attempts_threshold
        if settings.ip_ban_enabled and settings.login_attempts_threshold > 0
        else None,
        "encrypted": settings.ssl_certificate is not None,
    }


@command("marge/system/restart", {vol.Optional("anyway", default=False): bool}, admin=True, waits=True)
def restart(session: Session, message: dict[str, Any]) -> None:
    """End in order and begin anew, as after a restore. The files are checked before: with those that would keep the
    home from starting nothing happens; `anyway` is for those in which single pieces are wrong."""
    home = session.home
    run = home.shared.get("run")
    if run is None:
        raise CommandError("not_supported", "This server cannot restart itself; what started it can")
    config = native.run(load_home, home.config.config_dir)
    problems = [each for each in (*config.problems, *check_running(home, config)) if each.severity != "warning"]
    fatal = any(each.severity == "fatal" for each in problems)
    if fatal or (problems and not message["anyway"]):
        session.result(message["id"], {"restarts": False, "fatal": fatal, "problems": _shown(problems)})
        return
    log.warning("restarted from the interface", user=session.user.name, remote=session.remote)
    session.result(message["id"], {"restarts": True, "fatal": False, "problems": _shown(problems)})
    gevent.spawn_later(ANSWERED_S, run.restart)


def _shown(problems: list[ConfigProblem]) -> list[dict[str, Any]]:
    return [_told(each) for each in problems[:MOST_PROBLEMS]]


def _told(problem: ConfigProblem) -> dict[str, Any]:
    return {
        "severity": problem.severity, "file": problem.file, "line": problem.line, "column": problem.column,
        "path": problem.path, "message": problem.message, "hint": problem.hint,
    }  # fmt: skip
