"""An alarm panel with the code 1234, a delay before it is armed, and an alarm that ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item
from marge.bridges.demo.later import SlowEntity
from marge.domains.alarm_control_panel import AlarmControlPanelEntity
from marge.errors import ServiceValidationError

if TYPE_CHECKING:
    from marge.home import Home

CODE = "1234"
ARMING_S = 5.0
ALARM_S = 10.0


class DemoAlarm(SlowEntity, AlarmControlPanelEntity):
    """Attributes: previous, coming: the states before and after the one on its way."""

    alarm_state: str | None = "disarmed"
    code_format: str | None = "number"
    supported_features: int = 63
    previous: str | None = None
    coming: str | None = None

    def state_attributes(self) -> dict[str, Any]:
        return {**super().state_attributes(), "previous_state": self.previous, "next_state": self.coming}

    @staticmethod
    def _check(code: str | None) -> None:
        if code != CODE:
            raise ServiceValidationError(
                "Invalid alarm code provided", translation_key="invalid_code", translation_domain="manual"
            )

    def _rest(self, state: str) -> None:
        self.hold()
        self.alarm_state, self.previous, self.coming = state, None, None

    def alarm_disarm(self, code: str | None = None) -> None:
        self._check(code)
        self._rest("disarmed")

    def _arm(self, state: str, code: str | None) -> None:
        self._check(code)
        if self.alarm_state == state:
            return
        self.previous, self.coming, self.alarm_state = self.alarm_state, state, "arming"
        self.later(ARMING_S, lambda: self._rest(state))

    def alarm_arm_home(self, code: str | None = None) -> None:
        self._arm("armed_home", code)

    def alarm_arm_away(self, code: str | None = None) -> None:
        self._arm("armed_away", code)

    def alarm_arm_night(self, code: str | None = None) -> None:
        self._arm("armed_night", code)

    def alarm_arm_vacation(self, code: str | None = None) -> None:
        self._arm("armed_vacation", code)

    def alarm_arm_custom_bypass(self, code: str | None = None) -> None:
        self._arm("armed_custom_bypass", code)

    def alarm_trigger(self, code: str | None = None) -> None:
        if self.alarm_state == "triggered":
            return
        before = self.previous if self.alarm_state == "arming" else self.alarm_state
        self.previous, self.coming, self.alarm_state = before, None, "triggered"
        self.later(ALARM_S, lambda: self._rest(before or "disarmed"))


def items(home: Home) -> Iterator[Item]:
    panel = DemoAlarm()
    panel.home = home
    yield Item("alarm_control_panel.security", panel, "Security", "demo_alarm_control_panel")
