"""Repair issues: list, ignore. Mending one is a flow over REST."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_ISSUE = {vol.Required("domain"): str, vol.Required("issue_id"): str}


@command("repairs/list_issues")
def list_issues(session: Session, message: dict[str, Any]) -> None:
    """What somebody should look after."""
    issues = session.home.registries.issues.active()
    session.result(message["id"], {"issues": [issue.as_dict() for issue in issues]})


@command("repairs/get_issue_data", _ISSUE, admin=True)
def get_issue_data(session: Session, message: dict[str, Any]) -> None:
    """What an issue carries for whoever mends it."""
    issue = session.home.registries.issues.find(message["domain"], message["issue_id"])
    if issue is None:
        raise CommandError("unknown_issue", f"Issue '{message['issue_id']}' not found")
    session.result(message["id"], {"issue_data": issue.data})


@command("repairs/ignore_issue", {**_ISSUE, vol.Required("ignore"): bool}, admin=True)
def ignore_issue(session: Session, message: dict[str, Any]) -> None:
    """Do not show an issue, or show it again."""
    try:
        session.home.registries.issues.ignore(message["domain"], message["issue_id"], message["ignore"])
    except NotFound as exc:
        raise CommandError(UNKNOWN_ERROR, "Unknown error") from exc  # the code and text are HA's
    session.result(message["id"])
