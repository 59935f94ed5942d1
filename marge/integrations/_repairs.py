"""Flows that mend repair issues. Who raises a fixable issue registers how it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from marge.errors import InvalidRequest
from marge.integrations.flow import CreateEntry, Flow, FlowManager, ShowForm, Step
from marge.integrations.forms import Form

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import Issue

SHARED = "repairs"
Fix = Callable[["Home", "Issue"], None]
"""Mends an issue; it may wait. What it raises is shown as an error."""
MakeFlow = Callable[["Home", "Issue"], "RepairFlow"]


class RepairFlow(Flow):
    """Mends `issue`: with its `CreateEntry` the issue goes. Its first step is `confirm`."""

    first_step = "confirm"

    def __init__(self, home: Home, issue: Issue) -> None:
        super().__init__(home, issue.domain, None, False)
        self.issue = issue


class ConfirmFlow(RepairFlow):
    """One question, whether to go on; then the issue is mended."""

    def __init__(self, home: Home, issue: Issue, fix: Fix) -> None:
        super().__init__(home, issue)
        self._fix = fix

    def step_confirm(self, user_input: dict[str, Any] | None) -> Step:
        if user_input is None:
            return ShowForm("confirm", Form(()), placeholders=self.issue.translation_placeholders)
        self._fix(self.home, self.issue)
        return CreateEntry("")


class Repairs(FlowManager):
    """How issues are mended, and the flows that do it; in `home.shared["repairs"]`."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._makers: dict[str, MakeFlow] = {}

    def register(self, domain: str, fix: Fix) -> None:
        """Mend the fixable issues of `domain` with `fix`."""
        self._makers[domain] = lambda home, issue: ConfirmFlow(home, issue, fix)

    def register_flow(self, domain: str, make: MakeFlow) -> None:
        """Mend the fixable issues of `domain` with a flow that asks for more than a confirmation."""
        self._makers[domain] = make

    def start(self, domain: str, issue_id: str) -> dict[str, Any]:
        """A person wants to mend an issue.

        Raises:
            InvalidRequest: there is no such issue, or nothing can mend it.
        """
        issue = self.home.registries.issues.find(domain, issue_id)
        make = self._makers.get(domain)
        if issue is None or not issue.is_fixable or make is None:
            raise InvalidRequest("Handler does not support user")
        return self.begin(make(self.home, issue))

    def finish(self, flow: Flow, step: CreateEntry) -> dict[str, Any]:
        if isinstance(flow, RepairFlow):
            self.home.registries.issues.delete(flow.issue.domain, flow.issue.issue_id)
        return {}


def repairs_of(home: Home) -> Repairs:
    """The home's repairs; made at first use."""
    found = home.shared.get(SHARED)
    if not isinstance(found, Repairs):
        found = home.shared[SHARED] = Repairs(home)
    return found
