"""The service `mqtt.reload_users`: the broker's users as the files have them now, without a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import native
from marge.bridges.broker.accounts import SHARED
from marge.config import load_home
from marge.errors import ServiceValidationError

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall


def register(home: Home) -> None:
    """Register it; again after the entry was reloaded."""

    def reload_users(_call: ServiceCall) -> None:
        config = native.run(load_home, home.config.config_dir)
        for problem in config.problems:
            if problem.severity != "warning" and (not problem.path or problem.path.startswith("marge.mqtt")):
                raise ServiceValidationError(f"The users stay as they were: {problem}")
        home.shared[SHARED].set_users(config.marge.mqtt_users)

    home.services.register(
        "mqtt", "reload_users", reload_users, {}, name="Reload users",
        description="Reads the users of Marge's own broker again. Clients whose user is still there stay connected.",
    )  # fmt: skip
