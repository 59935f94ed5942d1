"""What is loaded here and what can be added: manifests, descriptions, how long the start took."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.manifests import descriptions, manifests
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session


@command("manifest/list", {vol.Optional("integrations"): vol.All(lambda v: [v] if isinstance(v, str) else v, [str])})
def list_manifests(session: Session, message: dict[str, Any]) -> None:
    """The manifests of all that is loaded, or of those that are named."""
    known = manifests(session.home)
    wanted = message.get("integrations")
    if wanted is None:
        session.result(message["id"], list(known.values()))
        return
    missing = [each for each in wanted if each not in known]
    if missing:
        raise CommandError(UNKNOWN_ERROR, "Unknown error")  # the code and text are HA's
    session.result(message["id"], [known[each] for each in dict.fromkeys(wanted)])


@command("manifest/get", {vol.Required("integration"): str})
def get_manifest(session: Session, message: dict[str, Any]) -> None:
    """One manifest."""
    found = manifests(session.home).get(message["integration"])
    if found is None:
        raise NotFound("Integration not found")
    session.result(message["id"], found)


@command("integration/descriptions")
def integration_descriptions(session: Session, message: dict[str, Any]) -> None:
    """What can be added by hand."""
    session.result(message["id"], descriptions(session.home))


@command("integration/setup_info")
def setup_info(session: Session, message: dict[str, Any]) -> None:
    """How long each part took to start, in seconds."""
    took: dict[str, float] = session.home.shared.get("setup_seconds", {})
    session.result(message["id"], [{"domain": domain, "seconds": seconds} for domain, seconds in took.items()])


@command("subscribe_bootstrap_integrations")
def subscribe_bootstrap(session: Session, message: dict[str, Any]) -> None:
    """What is still being set up: nothing is, once the server answers, so no event follows."""
    session.subscribe(message["id"], lambda: None)
    session.result(message["id"])
