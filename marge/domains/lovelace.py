"""Dashboards: those that people make, and those of YAML files. What stands in them is the front end's business."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import native
from marge.config import Problems, Unresolved, YamlReader
from marge.domains._helpers import report_problem
from marge.domains._panels import Panel
from marge.domains._validators import boolean, icon, string
from marge.entities import Domain
from marge.errors import HomeError, InvalidRequest, MargeError, NotFound
from marge.model import Context, Event
from marge.storage.collection import Change, Collection, Item, collections_of, random_id
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.domains.frontend import Frontend
    from marge.home import Home

log = structlog.get_logger("marge.domains.lovelace")

UPDATED = "lovelace_updated"
STORAGE, YAML = "storage", "yaml"
DEFAULT_FILE = "ui-lovelace.yaml"
DEFAULT_ICON = "hass:view-dashboard"
MAX_DASHBOARDS, MAX_RESOURCES = 200, 500
_HAS_STARTED = "lovelace/has_started"
_MAP = {
    "icon": "mdi:map", "title": "Map", "url_path": "map", "show_in_sidebar": True, "require_admin": False,
    "mode": STORAGE,
}  # fmt: skip


def _url_path(value: Any) -> str:
    text = string(value)
    slug = slugify(text, separator="-")
    if text != slug:
        raise vol.Invalid(f"invalid slug {text} (try {slug})")
    return text


_TYPES = vol.In(("css", "html", "js", "module"))
DASHBOARD_FIELDS = {
    vol.Required("url_path"): _url_path,
    vol.Required("title"): string,
    vol.Optional("icon"): icon,
    vol.Optional("show_in_sidebar", default=True): boolean,
    vol.Optional("require_admin", default=False): boolean,
    vol.Optional("mode", default=STORAGE): STORAGE,
    vol.Optional("allow_single_word"): bool,
}
DASHBOARD_UPDATE = {
    vol.Optional("title"): string,
    vol.Optional("icon"): vol.Any(None, icon),
    vol.Optional("show_in_sidebar"): boolean,
    vol.Optional("require_admin"): boolean,
}
RESOURCE_FIELDS = {vol.Required("url"): string, vol.Required("res_type"): _TYPES}
RESOURCE_UPDATE = {vol.Optional("url"): string, vol.Optional("res_type"): _TYPES}
_YAML_RESOURCE = vol.Schema({vol.Required("url"): string, vol.Required("type"): _TYPES})
_YAML_DASHBOARD = vol.Schema(
    {
        vol.Required("mode"): YAML,
        vol.Required("filename"): string,
        vol.Required("title"): string,
        vol.Optional("icon"): icon,
        vol.Optional("show_in_sidebar", default=True): boolean,
        vol.Optional("require_admin", default=False): boolean,
    }
)


class ConfigNotFound(NotFound):
    """There is no such dashboard, or nothing was saved for it."""


class DashboardCollection(Collection):
    """Dashboards that people made. Their paths are those of panels, so nobody else has them."""

    def __init__(self, home: Home, frontend: Frontend) -> None:
        super().__init__(
            home.storage, "lovelace_dashboards", DASHBOARD_FIELDS, update_fields=DASHBOARD_UPDATE, limit=MAX_DASHBOARDS
        )
        self._frontend = frontend

    def checked(self, valid: dict[str, Any], before: Item | None) -> dict[str, Any]:
        if before is not None:
            return {key: value for key, value in valid.items() if key != "icon" or value is not None}
        may_be_one_word = valid.pop("allow_single_word", False)
        if not may_be_one_word and "-" not in valid["url_path"]:
            raise InvalidRequest(f"Url path needs to contain a hyphen (-). Got {valid}")
        if valid["url_path"] in self._frontend.panels:
            raise InvalidRequest(f"Panel url path needs to be unique. Got {valid}")
        return valid

    def new_id(self, valid: dict[str, Any]) -> str:
        return self.free_id(valid["url_path"])


class ResourceCollection(Collection):
    """Scripts and styles that dashboards use."""

    def __init__(self, home: Home) -> None:
        super().__init__(
            home.storage, "lovelace_resources", RESOURCE_FIELDS, update_fields=RESOURCE_UPDATE, limit=MAX_RESOURCES
        )

    def checked(self, valid: dict[str, Any], before: Item | None) -> dict[str, Any]:
        if "res_type" in valid:
            valid["type"] = valid.pop("res_type")
        return valid

    def new_id(self, valid: dict[str, Any]) -> str:
        return random_id()


class Lovelace:
    """The dashboards of a home, in `home.shared["lovelace"]`.

    Attributes:
        mode: of the default dashboard, `storage` or `yaml`.
        of_files: dashboards of YAML files, by path, as lists show them.
        resources: those of the configuration, in YAML mode; None: they are a collection.
    """

    def __init__(self, home: Home, frontend: Frontend) -> None:
        self._home = home
        self._frontend = frontend
        self.mode = STORAGE
        self.of_files: dict[str, Mapping[str, Any]] = {}
        self.resources: list[Mapping[str, Any]] | None = None
        self.dashboards = DashboardCollection(home, frontend)

    def load(self, section: Any) -> None:
        """Take the configuration's part, and what was saved. Waits for the database; called once."""
        conf = section if isinstance(section, Mapping) else {}
        if conf.get("mode") == YAML:
            self.mode = YAML
            self.resources = self._read_resources(conf)
            self._frontend.panels.put(Panel("lovelace", "lovelace", config={"mode": YAML}))
        else:
            resources = ResourceCollection(self._home)
            resources.load()
            collections_of(self._home.shared)["lovelace/resources"] = resources
        self._read_dashboards(conf)
        self.dashboards.load()
        collections_of(self._home.shared)["lovelace/dashboards"] = self.dashboards
        self._make_map()
        for item in self.dashboards.all():
            self._show(item, STORAGE)
        self.dashboards.listen(self._changed)

    def list_dashboards(self) -> list[Mapping[str, Any]]:
        """All but the default one."""
        return [*self.of_files.values(), *self.dashboards.all()]

    # -- what stands in them -----------------------------------------------------------------------------------------

    def config(self, url_path: str | None) -> Any:
        """What stands in a dashboard. Waits for the database or a file.

        Raises:
            ConfigNotFound: no such dashboard, or nothing was saved.
            HomeError: its file cannot be read.
        """
        file = self._file_of(url_path)
        found = self._home.storage.load(self._key(url_path)) if file is None else self._read(file)
        if found is None:
            raise ConfigNotFound("No config found.")
        return found

    def save(self, url_path: str | None, config: Any) -> None:
        """Put something else into a dashboard. Waits for the database.

        Raises:
            ConfigNotFound: no such dashboard.
            HomeError: it is a file's.
        """
        if self._file_of(url_path) is not None:
            raise HomeError("Not supported")
        self._home.storage.save(self._key(url_path), config)
        self._fire(url_path)

    def delete(self, url_path: str | None) -> None:
        """Forget what stands in a dashboard. Raises as `save`."""
        self.save(url_path, None)

    def _file_of(self, url_path: str | None) -> Path | None:
        """The file of a dashboard; None: it is saved here."""
        folder = self._home.config.config_dir
        if url_path is None:
            return folder / DEFAULT_FILE if self.mode == YAML else None
        conf = self.of_files.get(url_path)
        return None if conf is None else folder / conf["filename"]

    def _key(self, url_path: str | None) -> str:
        if url_path is None:
            return "lovelace/config"
        for item in self.dashboards.all():
            if item["url_path"] == url_path:
                return f"lovelace/config/{item['id']}"
        raise ConfigNotFound(f"Unknown config specified: {url_path}")

    def _read(self, file: Path) -> Any:
        folder = self._home.config.config_dir

        def read() -> tuple[Any, str | None]:
            if not file.is_file():
                return None, None
            problems = Problems(folder)
            found = YamlReader(folder, os.environ, problems).read(file)
            errors = [problem for problem in problems if problem.severity != "warning"]
            return found, str(errors[0]) if errors else None

        found, problem = native.run(read)
        if problem is not None or isinstance(found, Unresolved):
            raise HomeError(problem or f"{file.name} cannot be read")
        return found

    # -- panels and events -------------------------------------------------------------------------------------------

    def _show(self, conf: Item, mode: str) -> None:
        is_listed = conf["show_in_sidebar"]
        self._frontend.panels.put(
            Panel(
                conf["url_path"], "lovelace",
                title=conf["title"] if is_listed else None,
                icon=conf.get("icon", DEFAULT_ICON) if is_listed else None,
                config={"mode": mode}, require_admin=conf["require_admin"],
            )
        )  # fmt: skip

    def _changed(self, change: Change) -> None:
        if change.kind == "removed":
            self._frontend.panels.remove(change.item["url_path"])
            try:
                self._home.storage.save_soon({f"lovelace/config/{change.item_id}": None})
            except MargeError as exc:
                log.warning("what stood in a dashboard is left behind", dashboard=change.item_id, problem=str(exc))
        else:
            self._show(change.item, STORAGE)

    def _fire(self, url_path: str | None) -> None:
        self._home.bus.publish(Event(UPDATED, {"url_path": url_path}, Context.new(), self._home.clock.now()))

    # -- the configuration -------------------------------------------------------------------------------------------

    def _read_resources(self, conf: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        given = conf.get("resources") or []
        for number, entry in enumerate(given if isinstance(given, list) else [given]):
            try:
                found.append(_YAML_RESOURCE(entry))
            except vol.Invalid as exc:
                report_problem(self._home, "lovelace", f"resources[{number}]", exc, given, (number, *exc.path))
        return found

    def _read_dashboards(self, conf: Mapping[str, Any]) -> None:
        given = conf.get("dashboards") or {}
        if not isinstance(given, Mapping):
            report_problem(self._home, "lovelace", "dashboards", vol.Invalid("expected a mapping"), conf)
            return
        for url_path, entry in given.items():
            try:
                if "-" not in _url_path(url_path):
                    raise vol.Invalid("Url path needs to contain a hyphen (-)")
                valid = _YAML_DASHBOARD(entry)
                if not (self._home.config.config_dir / valid["filename"]).resolve().is_relative_to(
                    self._home.config.config_dir.resolve()
                ):
                    raise vol.Invalid("the file must be in the configuration directory")
            except vol.Invalid as exc:
                report_problem(self._home, "lovelace", url_path, exc, given, (url_path, *exc.path))
                continue
            self.of_files[url_path] = {**valid, "url_path": url_path}
            self._show(self.of_files[url_path], YAML)

    def _make_map(self) -> None:
        """A new home begins with a map; who deletes it is not given another."""
        storage = self._home.storage
        if storage.load(_HAS_STARTED) is not None:
            return
        if "map" not in self.dashboards:
            self.dashboards.replace({"id": "map", **_MAP})
        storage.save_many({_HAS_STARTED: True, "lovelace/config/map": {"strategy": {"type": "map"}}})


def _setup(home: Home, section: Any) -> None:
    lovelace = home.shared["lovelace"] = Lovelace(home, home.shared["frontend"])
    lovelace.load(section)


DOMAIN = Domain("lovelace", setup=_setup)
