"""One registered app: its facts, its device, its entities, and what is kept of its sensors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations.host import add_entity
from marge.integrations.mobile_app.entities import (
    AppBinarySensor,
    AppSensor,
    AppTracker,
    app_sensor,
)
from marge.integrations.mobile_app.push import PushChannel, register_notify
from marge.model import Context

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry, Device

SHARED = "mobile_app"
"""The key of the `Apps` in `home.shared`."""
MAX_SENSORS = 1_000
"""Of one app; the most talkative one has about 150."""
SHOWN_KEYS = (
    "app_data", "app_id", "app_name", "app_version", "device_name", "manufacturer", "model", "os_version",
    "supports_encryption",
)  # fmt: skip


class App:
    """One app. Used on the hub; nothing waits but `make_entities`.

    Attributes:
        sensors: `(type, unique id)` to the entity; also those that the user has disabled.
        channel: where messages go while the app is connected over WebSocket.
    """

    def __init__(self, home: Home, entry: ConfigEntry) -> None:
        self.home = home
        self.entry_id = entry.entry_id
        self.sensors: dict[tuple[str, str], AppSensor | AppBinarySensor] = {}
        self.channel: PushChannel | None = None
        self._end_notify: Callable[[], None] | None = None
        self._first_data = entry.data
        self._configs: dict[tuple[str, str], dict[str, Any]] = {}
        self.device = self._register_device()
        self.tracker = AppTracker(home, self.data["device_name"], self.data["device_id"])

    @property
    def entry(self) -> ConfigEntry | None:
        return self.home.registries.config_entries.get(self.entry_id)

    @property
    def data(self) -> dict[str, Any]:
        """What the app said of itself; `webhook_id`, `user_id`, `secret` among it."""
        entry = self.entry
        return self._first_data if entry is None else entry.data

    @property
    def webhook_id(self) -> str:
        return str(self.data["webhook_id"])

    def context(self) -> Context:
        """A fresh context of the app's user."""
        return Context(user_id=self.data.get("user_id"))

    def shown(self) -> dict[str, Any]:
        """The registration, without secrets."""
        return {key: self.data.get(key) for key in SHOWN_KEYS}

    def update(self, **changes: Any) -> None:
        """Keep what has changed of the registration."""
        data = {**self.data, **changes}
        self.home.registries.config_entries.update(self.entry_id, data=data)
        self.device = self._register_device()
        self.offer_notify()

    def offer_notify(self) -> None:
        """The app's service for messages, as its present facts want it."""
        self.end_notify()
        self._end_notify = register_notify(self)

    def end_notify(self) -> None:
        if self._end_notify is not None:
            self._end_notify()
            self._end_notify = None

    def _register_device(self) -> Device:
        data = self.data
        return self.home.registries.devices.get_or_create(
            identifiers=[(SHARED, data["device_id"])],
            config_entry_id=self.entry_id,
            manufacturer=data["manufacturer"],
            model=data["model"],
            name=data["device_name"],
            sw_version=data.get("os_version"),
        )

    # -- entities ----------------------------------------------------------------------------------------------------

    def make_entities(self) -> None:
        """The tracker, and the sensors that were registered before. Waits for the database."""
        entry = self.entry
        assert entry is not None
        with suppress(AlreadyExists):  # another app of the same telephone has it: one place is enough
            add_entity(
                self.home, entry, self.tracker, self.data["device_id"], device_id=self.device.id,
                object_id=self.data["device_name"],
            )  # fmt: skip
        for config in self.home.storage.load(self._key) or []:
            if isinstance(config, dict) and {"type", "unique_id", "name"} <= config.keys():
                self._add(config)

    def has_sensor(self, kind: str, unique_id: str) -> bool:
        return (kind, unique_id) in self.sensors

    def is_disabled(self, kind: str, unique_id: str) -> bool:
        entry = self.home.registries.entities.by_unique_id(kind, SHARED, f"{self.webhook_id}_{unique_id}")
        return entry is not None and entry.disabled

    def sensor_id(self, kind: str, unique_id: str) -> str | None:
        """The entity id of a sensor that is there and not disabled."""
        found = self.sensors.get((kind, unique_id))
        return None if found is None or self.is_disabled(kind, unique_id) else found.entity_id

    def register_sensor(self, config: dict[str, Any]) -> None:
        """A new sensor, or new facts of one.

        Raises:
            InvalidRequest: there are too many.
        """
        key = (config["type"], config["unique_id"])
        known = self._configs.get(key)
        if known is None and len(self._configs) >= MAX_SENSORS:
            raise InvalidRequest(f"an app has {MAX_SENSORS} sensors at most")
        if known is None:
            config = {**config, "name": f"{self.data['device_name']} {config['name']}"}
            self._add(config)
            self._save()
            return
        config = {**known, **config, "name": known["name"]}
        self._configs[key] = config
        entity_id = self.sensor_id(*key)
        if entity_id is not None:
            self.home.entities.report(entity_id, config=config)
        self._save()

    def update_sensor(self, config: dict[str, Any]) -> str | None:
        """Take what the app reports of a registered sensor. Returns the entity that has to be told, with `config`."""
        key = (config["type"], config["unique_id"])
        self._configs[key] = {**self._configs[key], **config}
        return self.sensor_id(*key)

    def config_of(self, kind: str, unique_id: str) -> dict[str, Any]:
        """What is known of a registered sensor."""
        return self._configs[kind, unique_id]

    def _add(self, config: dict[str, Any]) -> None:
        entry = self.entry
        if entry is None:
            return
        key = (config["type"], config["unique_id"])
        entity = app_sensor(self.home, config)
        add_entity(
            self.home, entry, entity, f"{self.webhook_id}_{config['unique_id']}", device_id=self.device.id,
            entity_category=config.get("entity_category"), unit_of_measurement=config.get("unit_of_measurement"),
            disabled_by="integration" if config.get("disabled") else None,
        )  # fmt: skip
        self._configs[key] = config
        self.sensors[key] = entity

    def _save(self) -> None:
        kept = [{key: value for key, value in each.items() if key != "state"} for each in self._configs.values()]
        self.home.storage.save_soon({self._key: kept})

    @property
    def _key(self) -> str:
        return f"mobile_app/{self.entry_id}"

    def known_entities(self) -> dict[str, dict[str, bool]]:
        """By the app's own ids: whether the user has disabled them."""
        prefix = f"{self.webhook_id}_"
        return {
            entry.unique_id.removeprefix(prefix): {"disabled": entry.disabled}
            for entry in self.home.registries.entities.for_config_entry(self.entry_id)
        }


class Apps:
    """The apps that are set up, by webhook id."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}

    def add(self, app: App) -> None:
        self._apps[app.webhook_id] = app

    def remove(self, app: App) -> None:
        self._apps = {key: each for key, each in self._apps.items() if each is not app}

    def get(self, webhook_id: str) -> App | None:
        return self._apps.get(webhook_id)

    def all(self) -> list[App]:
        return list(self._apps.values())


def apps_of(home: Home) -> Apps:
    """The home's apps; made on first use."""
    found = home.shared.get(SHARED)
    if not isinstance(found, Apps):
        found = home.shared[SHARED] = Apps()
    return found
