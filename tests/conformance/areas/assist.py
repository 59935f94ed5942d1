"""To-do lists, calendars, the shopping list, conversation, speech, companion apps and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.integrations.host import host_of
from marge.webhooks import Webhook, webhooks_of
from tests.conformance.area import Area, Stimulus
from tests.support.home import HomeServer

_CLOUD = "HA's default voice is a service on the internet, which Marge does not use; `demo:` has a voice to try"
_LANGUAGES = "Marge understands the languages it has sentences for"


def _shopping_list(*items: str) -> Callable[[HomeServer], None]:
    """The list that a home has once it was set up, with these items."""

    def make(server: HomeServer) -> None:
        host_of(server.home).onboard()
        for item in items:
            _service(server, "todo/add_item", item=item)

    return make


def _service(server: HomeServer, service: str, **data: Any) -> None:
    data["entity_id"] = "todo.shopping_list"
    assert server.rest("POST", f"/api/services/{service}", data).status_code == 200


def _add(*items: str) -> Callable[[HomeServer], None]:
    def add(server: HomeServer) -> None:
        for item in items:
            _service(server, "todo/add_item", item=item)

    return add


def _shopping(server: HomeServer) -> None:
    _service(server, "todo/add_item", item="Eggs")
    _service(server, "todo/update_item", item="Eggs", rename="Six eggs")
    _service(server, "todo/update_item", item="Six eggs", status="completed")
    _service(server, "todo/remove_item", item="Six eggs")


def _hooks(server: HomeServer) -> None:
    """Those of the recorded automation's triggers."""
    webhooks = webhooks_of(server.home)
    if not webhooks.get("my-hook"):
        webhooks.register(Webhook("my-hook", "automation", "Hook", local_only=True))
        webhooks.register(Webhook("my-get-hook", "automation", "Hook", allowed_methods=("GET",)))


def _apps(server: HomeServer) -> None:
    """The two telephones of the recording; the first is known by the text that stands for its secret address."""
    owner = server.auth.owner()
    assert owner is not None
    entries = server.home.registries.config_entries
    if entries.for_domain("mobile_app"):
        return
    for name, webhook_id in (("Phone", "<webhook_id>"), ("Phone2", "<webhook_id2>")):
        data = {
            "app_data": {}, "app_id": "io.robbie.HomeAssistant", "app_name": "Home Assistant", "app_version": "2025.4",
            "device_id": name, "device_name": name, "manufacturer": "Apple", "model": "iPhone", "os_name": "iOS",
            "os_version": "18", "supports_encryption": False, "webhook_id": webhook_id, "user_id": owner.id,
            "secret": None,
        }  # fmt: skip
        entry = entries.create("mobile_app", name, "registration", name, data)
        host_of(server.home).setup(entry.entry_id)


def _hooks_and_apps(server: HomeServer) -> None:
    _hooks(server)
    _apps(server)


def _first_pipeline(server: HomeServer) -> None:
    """Between two rows the recording program gave the first pipeline its rank back."""
    pipelines = server.home.shared["assist_pipeline"]
    pipelines.prefer(pipelines.items.all()[0]["id"])


def _bedside(server: HomeServer) -> None:
    """By then the light had been called so."""
    server.home.registries.entities.update("light.bed_light", name="Bedside")
    server.wait()


AREA = Area(
    rest_otherwise={
        "GET /api/states/<tts entity>": (404, _CLOUD),
        "tts_get_url ok": (500, _CLOUD),
        "tts_get_url platform key": (500, _CLOUD),
    },
    ws_otherwise={
        "tts/engine/list": ("ok", _CLOUD),
        "tts/engine/get": ("not_found", _CLOUD),
        "tts/engine/voices": ("not_found", _CLOUD),
        "conversation/agent/list": ("ok", _LANGUAGES),
        "conversation/agent/list (2)": ("ok", _LANGUAGES),
        "conversation/agent/homeassistant/language_scores": ("ok", _LANGUAGES),
    },
    facts={
        "conversation/agent/homeassistant/debug": frozenset({"sentence_template"}),
        "tts_get_url demo platform": frozenset({"url", "path"}),
        "mobile_app webhook: get_config": frozenset({"components", "hass_device_id"}),
    },
    before={
        "GET /api/states/<todo entity>": _shopping_list(),
        "webhook POST ok": _hooks,
        "intent with list slots": _bedside,
        "call_service todo unknown item": _shopping_list("Milk"),
        "todo/item/list two": _add("A", "B"),
        "assist_pipeline/pipeline/delete": _first_pipeline,
        "webhook/list": _hooks_and_apps,
        "mobile_app/push_notification_channel (accepted; the notify service was not there, so no push event was"
        " recorded)": _apps,
    },
    stimuli={
        "todo/item/subscribe (then add, rename, complete, remove through services)": Stimulus(_shopping, after=2),
    },
)
