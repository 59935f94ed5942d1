"""Blueprints: list, import, save, delete, fill in. Changing files is for administrators."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
import voluptuous as vol

from marge.actors import native
from marge.automations import blueprints
from marge.automations.api import users_of_blueprint
from marge.automations.blueprint_sources import FILE, blueprint_in, source_of
from marge.automations.blueprints import MAX_BYTES, BlueprintError, parse_blueprint
from marge.config import YamlError
from marge.errors import AlreadyExists, HomeError
from marge.http.ws.errors import INVALID_FORMAT, UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.fetch import fetch
from marge.version import HA_VERSION

log = structlog.get_logger("marge.http")

IMPORT_TIMEOUT_S = 10.0
MAX_URL = 2_048
MAX_JSON_BYTES = 4 * 1024 * 1024
"""Of what GitHub and the forum say of a gist or a topic; posts of others are in it."""
_EXPECTED = (BlueprintError, AlreadyExists, OSError)


def _path(value: Any) -> str:
    if not isinstance(value, str):
        raise vol.Invalid("expected str")
    if value.startswith(("/", "~")) or ".." in PurePosixPath(value).parts or "\\" in value or "\x00" in value:
        raise vol.Invalid("Invalid path")
    return value


def _url(value: Any) -> str:
    parts = urlsplit(value) if isinstance(value, str) and value.isprintable() and len(value) <= MAX_URL else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise vol.Invalid("invalid url")
    return str(value)


_AT = {vol.Required("domain"): str, vol.Required("path"): _path}


def _folder(session: Session) -> Path:
    return session.home.config.config_dir


@command("blueprint/list", {vol.Required("domain"): str}, waits=True)
def list_blueprints(session: Session, message: dict[str, Any]) -> None:
    """All blueprints of a domain, or what is wrong with each."""
    found = native.run(blueprints.list_blueprints, _folder(session), message["domain"])
    session.result(
        message["id"],
        {
            path: {"error": each} if isinstance(each, str) else {"metadata": each.metadata}
            for path, each in found.items()
        },
    )


@command("blueprint/import", {vol.Required("url"): _url}, admin=True, waits=True)
def import_blueprint(session: Session, message: dict[str, Any]) -> None:
    """Fetch a blueprint from the web and show it; `blueprint/save` keeps it.

    Addresses in the own network are fetched like others: only administrators may ask, and people keep blueprints there.
    """
    url = message["url"]
    source = source_of(url)
    is_file = source.kind == FILE
    try:
        data = fetch(source.url, MAX_BYTES if is_file else MAX_JSON_BYTES, IMPORT_TIMEOUT_S)
        fetched = data.decode("utf-8-sig") if is_file else native.attempt((ValueError,), orjson.loads, data)
    except (OSError, ValueError) as exc:  # no network, no such page, no text
        log.warning("a blueprint could not be fetched", url=source.url, problem=str(exc))
        raise CommandError(UNKNOWN_ERROR, "Unknown error") from exc
    try:
        found = native.attempt((YamlError, BlueprintError), blueprint_in, source, url, fetched)
    except (YamlError, BlueprintError) as exc:
        raise HomeError(str(exc)) from exc
    blueprint = found.blueprint
    known = native.run(blueprints.list_blueprints, _folder(session), blueprint.domain)
    session.result(
        message["id"],
        {
            "suggested_filename": found.suggested,
            "raw_data": blueprint.text,
            "blueprint": {"metadata": {**blueprint.metadata, "source_url": url}},
            "validation_errors": blueprint.unmet(HA_VERSION),
            "exists": f"{found.suggested}.yaml" in known,
        },
    )


@command(
    "blueprint/save",
    {
        **_AT,
        vol.Required("yaml"): str,
        vol.Optional("source_url"): str,
        vol.Optional("allow_override", default=False): bool,
    },
    admin=True,
    waits=True,
)
def save_blueprint(session: Session, message: dict[str, Any]) -> None:
    """Keep a blueprint's text as a file."""
    domain, path, text = message["domain"], message["path"], message["yaml"]
    if domain not in blueprints.DOMAINS:
        raise CommandError(INVALID_FORMAT, "Unsupported domain")
    if not path.endswith(".yaml"):
        path += ".yaml"
    try:
        blueprint = parse_blueprint(text, domain, path)
        overrides = native.attempt(
            _EXPECTED, blueprints.save_blueprint,
            _folder(session), blueprint, path, message.get("source_url"), message["allow_override"],
        )
    except YamlError as exc:
        raise CommandError(INVALID_FORMAT, blueprints.yaml_complaint(text, exc)) from exc
    except BlueprintError as exc:
        raise CommandError(INVALID_FORMAT, str(exc)) from exc
    except AlreadyExists as exc:
        raise CommandError("already_exists", str(exc)) from exc
    except OSError as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], {"overrides_existing": overrides})


@command("blueprint/delete", _AT, admin=True, waits=True)
def delete_blueprint(session: Session, message: dict[str, Any]) -> None:
    """Remove a blueprint's file, unless something uses it."""
    domain, path = message["domain"], message["path"]
    if domain not in blueprints.DOMAINS:
        raise CommandError(INVALID_FORMAT, "Unsupported domain")
    if users_of_blueprint(session.home, domain, path):
        raise HomeError("Blueprint in use")
    try:
        native.attempt(_EXPECTED, blueprints.delete_blueprint, _folder(session), domain, path)
    except (OSError, BlueprintError) as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"])


@command("blueprint/substitute", {**_AT, vol.Required("input"): dict}, admin=True, waits=True)
def substitute_blueprint(session: Session, message: dict[str, Any]) -> None:
    """The automation or script that comes of a blueprint and these inputs."""
    domain = message["domain"]
    if domain not in blueprints.DOMAINS:
        raise CommandError(INVALID_FORMAT, "Unsupported domain")
    try:
        blueprint = native.attempt(_EXPECTED, blueprints.read_blueprint, _folder(session), domain, message["path"])
        filled = blueprint.substitute(message["input"])
    except BlueprintError as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], {"substituted_config": blueprints.plain(filled)})
