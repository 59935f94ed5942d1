"""The repair issues: what somebody should look after. What was ignored, and what outlives a restart, is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from marge.errors import NotFound
from marge.model import Context, Event
from marge.registries.base import Entry, Parts, Registry, known_fields
from marge.util.dt import iso
from marge.version import HA_VERSION

Severity = Literal["critical", "error", "warning"]
UPDATED = "repairs_issue_registry_updated"
MAX_ISSUES = 1_000


@dataclass(frozen=True, slots=True)
class Issue(Entry):
    """One issue.

    Attributes:
        active: it is there now; False: only that it was ignored is remembered.
        is_fixable: a flow can mend it. is_persistent: it is there after a restart too, until it is deleted.
        dismissed_version: the version under which it was ignored; None: it was not.
        issue_domain: who causes it, when that is not `domain`.
        data: for the flow that mends it. created: UTC epoch seconds.
    """

    domain: str
    issue_id: str
    active: bool = True
    breaks_in_ha_version: str | None = None
    created: float = 0.0
    data: dict[str, Any] | None = field(default=None)
    dismissed_version: str | None = None
    is_fixable: bool = False
    is_persistent: bool = False
    issue_domain: str | None = None
    learn_more_url: str | None = None
    severity: Severity = "warning"
    translation_key: str | None = None
    translation_placeholders: dict[str, str] | None = None

    @property
    def key(self) -> str:
        return f"{self.domain}/{self.issue_id}"

    def as_dict(self) -> dict[str, Any]:
        """As `repairs/list_issues` shows it."""
        return {
            "breaks_in_ha_version": self.breaks_in_ha_version,
            "created": iso(self.created),
            "dismissed_version": self.dismissed_version,
            "ignored": self.dismissed_version is not None,
            "domain": self.domain,
            "is_fixable": self.is_fixable,
            "issue_domain": self.issue_domain,
            "issue_id": self.issue_id,
            "learn_more_url": self.learn_more_url,
            "severity": self.severity,
            "translation_key": self.translation_key,
            "translation_placeholders": self.translation_placeholders,
        }


class IssueRegistry(Registry[Issue]):
    """Issues by `domain/issue_id`. Fires `repairs_issue_registry_updated`."""

    kind, id_name = "issue", "issue_id"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)

    def find(self, domain: str, issue_id: str) -> Issue | None:
        """The issue, if it is there now."""
        issue = self._entries.get(f"{domain}/{issue_id}")
        return issue if issue is not None and issue.active else None

    def active(self) -> list[Issue]:
        """What is there now, in order of creation."""
        return [issue for issue in self._entries.values() if issue.active]

    def raise_issue(
        self,
        domain: str,
        issue_id: str,
        *,
        severity: Severity = "warning",
        translation_key: str | None = None,
        translation_placeholders: Mapping[str, str] | None = None,
        is_fixable: bool = False,
        is_persistent: bool = False,
        learn_more_url: str | None = None,
        breaks_in_ha_version: str | None = None,
        issue_domain: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Issue:
        """Say that there is an issue; one that is there already is brought up to date, and stays ignored if it was."""
        before = self._entries.get(f"{domain}/{issue_id}")
        if before is None and len(self._entries) >= MAX_ISSUES:
            self._forget_one()
        issue = Issue(
            domain, issue_id, True, breaks_in_ha_version, self._now() if before is None else before.created,
            None if data is None else dict(data), None if before is None else before.dismissed_version, is_fixable,
            is_persistent, issue_domain, learn_more_url, severity, translation_key or issue_id,
            None if translation_placeholders is None else dict(translation_placeholders),
        )
        if issue == before:
            return issue
        self._keep(issue)
        self._say("create" if before is None or not before.active else "update", issue)
        return issue

    def delete(self, domain: str, issue_id: str) -> None:
        """The issue is mended, or gone by itself. Nothing happens when there is none."""
        issue = self.find(domain, issue_id)
        if issue is None:
            return
        self._drop(issue)
        self._say("remove", issue)

    def ignore(self, domain: str, issue_id: str, ignored: bool) -> Issue:
        """A user does not want to hear of it under this version, or does again.

        Raises:
            NotFound: no such issue.
        """
        issue = self.find(domain, issue_id)
        if issue is None:
            raise NotFound(f"Issue {domain}/{issue_id} not found")
        changed = dataclasses.replace(issue, dismissed_version=HA_VERSION if ignored else None)
        if changed != issue:
            self._keep(changed)
            self._say("update", changed)
        return changed

    def _keep(self, issue: Issue) -> None:
        if issue.is_persistent or issue.dismissed_version is not None:
            self._put(issue)
        else:
            self._entries[issue.key] = issue
            self._parts.saver.mark(self._prefix + issue.store_key, None)

    def _forget_one(self) -> None:
        for issue in self._entries.values():
            if not issue.active:
                self._drop(issue)
                return
        self._drop(next(iter(self._entries.values())))

    def _say(self, action: str, issue: Issue) -> None:
        data = {"action": action, "domain": issue.domain, "issue_id": issue.issue_id}
        self._parts.bus.publish(Event(UPDATED, data, Context.new(), self._now()))

    def _restore(self, document: dict[str, Any]) -> Issue:
        issue = Issue(**known_fields(Issue, document))
        return dataclasses.replace(issue, active=issue.is_persistent)
