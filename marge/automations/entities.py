"""The entities of automations, scripts and scenes: what they show, what their services do. Not here: running anything.

The command methods run in the entity's turn: they change what is shown at once and tell the automation's actor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from marge.actors import Future
from marge.entities import Entity
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home


class AutomationEntity(Entity):
    """`automation.<slug of the alias>`.

    Attributes:
        is_on: whether its triggers are attached.
        last_triggered: UTC epoch seconds of the last start of a run.
        running, total_runs: runs in progress; runs since start. `current` shows the second in the native profile.
        unusable: its configuration is broken: shown as unavailable.
        key, actor_path: see `marge.automations.loading`; neither follows when the entity is renamed.
        parked: the user has disabled the entity, so it does not react.
    """

    domain: ClassVar[str] = "automation"

    def __init__(self, home: Home, config_id: str | None, name: str, count_runs: bool) -> None:
        self.home = home
        self.config_id = config_id
        self.unique_id = config_id
        self.name = name
        self.count_runs = count_runs
        self.is_on = True
        self.last_triggered: float | None = None
        self.running = 0
        self.total_runs = 0
        self.mode = "single"
        self.max_runs: int | None = None
        self.key = ""
        self.actor_path = ""
        self.parked = False

    def on_add(self) -> None:
        """Enabled again: react again."""
        if self.parked:
            self.parked = False
            self._tell(self.is_on, False)

    def on_park(self) -> None:
        """The user has disabled the entity: react to nothing, and stop what runs."""
        self.parked = True
        self.running = 0
        self._tell(False, True)

    def state_value(self) -> str:
        return "on" if self.is_on else "off"

    def capability_attributes(self) -> dict[str, Any]:
        return {} if self.config_id is None else {"id": self.config_id}

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "last_triggered": None if self.last_triggered is None else iso(self.last_triggered),
            "mode": self.mode,
            "current": self.total_runs if self.count_runs else self.running,
        }
        if self.max_runs is not None:
            shown["max"] = self.max_runs
        return shown

    def turn_on(self) -> None:
        """Attach the triggers."""
        self._set(True, True)

    def turn_off(self, stop_actions: bool = True) -> None:
        """Detach the triggers, and stop what runs unless `stop_actions` is false."""
        self._set(False, stop_actions)

    def toggle(self) -> None:
        self._set(not self.is_on, True)

    def _set(self, is_on: bool, stop_actions: bool) -> None:
        self.is_on = is_on
        if not is_on and stop_actions:
            self.running = 0
        self._tell(is_on, stop_actions)

    def _tell(self, is_on: bool, stop_actions: bool) -> None:
        from marge.automations.automation import SetEnabled

        if self.actor_path:
            self.home.system.tell(self.actor_path, SetEnabled(is_on, stop_actions))


class ScriptEntity(Entity):
    """`script.<id>`: on while it runs.

    Attributes:
        last_action: what it does now; None while it does nothing.
        key, actor_path: its id in the files, and its actor; neither follows when the entity is renamed.
    """

    domain: ClassVar[str] = "script"

    def __init__(self, home: Home, name: str, mode: str, max_runs: int | None) -> None:
        self.home = home
        self.name = name
        self.mode = mode
        self.max_runs = max_runs
        self.running = 0
        self.last_triggered: float | None = None
        self.last_action: str | None = None
        self.key = ""
        self.actor_path = ""

    def state_value(self) -> str:
        return "on" if self.running else "off"

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "last_triggered": None if self.last_triggered is None else iso(self.last_triggered),
            "mode": self.mode,
            "current": self.running,
        }
        if self.max_runs is not None:
            shown["max"] = self.max_runs
        if self.running and self.last_action is not None:
            shown["last_action"] = self.last_action
        return shown

    def turn_on(self, variables: dict[str, Any] | None = None, **_others: Any) -> Future:
        """Start it. The service returns once the run waits for the first time, or is over."""
        from marge.automations.script import StartScript

        future = Future()
        message = StartScript(dict(variables or {}), self.context, future)
        if not self.home.system.tell(self.actor_path, message):
            future.set(None)
        return future

    def turn_off(self) -> Future:
        """Stop all its runs."""
        from marge.automations.script import StopScript

        future = Future()
        if not self.home.system.tell(self.actor_path, StopScript(future)):
            future.set(None)
        return future

    def toggle(self, variables: dict[str, Any] | None = None, **_others: Any) -> Future:
        return self.turn_off() if self.running else self.turn_on(variables)


class SceneEntity(Entity):
    """`scene.<name>`: its state is when it was last activated."""

    domain: ClassVar[str] = "scene"
    platform: ClassVar[str] = "homeassistant"

    def __init__(self, name: str, config_id: str | None, members: list[str], icon: str | None) -> None:
        self.name = name
        self.config_id = config_id
        self.unique_id = config_id
        self.members = members
        self.icon = icon
        self.key = ""
        self.activated: str | None = None

    def state_value(self) -> str | None:
        return self.activated

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"entity_id": list(self.members)}
        if self.config_id is not None:
            shown["id"] = self.config_id
        return shown


class DeviceSceneEntity(Entity):
    """A scene that a device keeps. Owners override `activate(transition)`.

    Attributes:
        activated: when it was last activated, as text; the state.
    """

    domain: ClassVar[str] = "scene"
    activated: str | None = None

    def state_value(self) -> str | None:
        return self.activated

    def activate(self, transition: float | None = None) -> None:
        """Tell the device; the owner's part."""

    def handle_activate(self, transition: float | None = None) -> None:
        """What `scene.turn_on` does to it."""
        if self.actor is not None:
            self.activated = iso(self.actor.system.clock.now())
        self.activate(transition)
