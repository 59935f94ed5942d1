"""Texts and icons for front ends."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from marge.bridges.broker import services as broker
from marge.bridges.demo import services as demo
from marge.bridges.demo.speech import register_voice
from marge.bridges.ffmpeg import services as ffmpeg
from marge.bridges.mqtt import services as mqtt
from marge.bridges.mqtt_devices.esphome import services as esphome
from marge.bridges.mqtt_devices.tasmota import services as tasmota
from marge.bridges.mqtt_devices.zigbee2mqtt import services as zigbee2mqtt
from marge.bridges.mqtt_devices.zwave import services as zwave
from marge.entities import load_domains
from marge.http import translations
from marge.http.flow_texts import flow_texts
from marge.integrations.base import find_integrations
from tests.support.home import HomeServer, home_server

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
KEY = re.compile(r"[A-Za-z0-9_\-]+")


CONFIG = """
homeassistant: {name: T}
script:
  reset: {alias: Reset, description: Reset., sequence: []}
"""


@pytest.fixture(scope="module")
def server():
    with home_server(CONFIG) as running:
        yield running


def texts(language):
    """By domain and category; `icons`: those."""
    place = files("marge.http.texts")
    if language == "icons":
        return json.loads(place.joinpath("icons.json").read_text("utf-8"))
    found: dict[str, Any] = {}
    for file in place.joinpath(language).iterdir():
        category = file.name.removesuffix(".json")
        if category != "made":
            for domain, inside in json.loads(file.read_text("utf-8")).items():
                found.setdefault(domain, {})[category] = inside
    return found


def made_words(language):
    return json.loads(files("marge.http.texts").joinpath(language, "made.json").read_text("utf-8"))


def leaves(found, path=()):
    if isinstance(found, str):
        yield path, found
        return
    for key, value in found.items():
        yield from leaves(value, (*path, key))


def test_each_language_has_the_same_texts_with_the_same_placeholders():
    """Nothing is forgotten, nothing empty, and no place for a value is lost."""
    english = dict(leaves(texts("en")))
    german = dict(leaves(texts("de")))
    assert english.keys() == german.keys()
    assert all(text.strip() for text in (*english.values(), *german.values()))
    places = {key: set(PLACEHOLDER.findall(text)) for key, text in english.items()}
    wrong = [key for key, text in german.items() if set(PLACEHOLDER.findall(text)) != places[key]]
    assert wrong == []
    assert all(KEY.fullmatch(part) for key in english for part in key)


def test_words_for_what_is_made_keep_places_and_are_not_empty():
    """Better English is for what has German, too."""
    english, german = made_words("en"), made_words("de")
    assert english.keys() <= german.keys()
    for made, text in (*english.items(), *german.items()):
        assert text.strip(), made
        assert set(PLACEHOLDER.findall(made)) == set(PLACEHOLDER.findall(text)), made


def registered_by_bridges(home):
    """What bridges register when they start, registered for no network."""
    nobody: Any = None
    for register in (tasmota.register, esphome.register, zigbee2mqtt.register, zwave.register):
        register(home, nobody)
    ffmpeg.register(home, ())
    broker.register(home)
    demo.register(home)
    register_voice(home)
    mqtt.register(home, nobody, nobody)


def test_whatever_is_made_has_german_words(server: HomeServer):
    """Of each service with its fields, each automation that devices offer, each form, each part that has no title."""
    registered_by_bridges(server.home)
    words, german = made_words("de"), dict(leaves(texts("de")))
    made = [
        *translations._service_texts(server.home, None),
        *translations._device_automation_texts(None),
        *(each for category in ("config", "options") for each in flow_texts(server.home, category, None)),
    ]
    missing = []
    for key, text in made:
        _, domain, category, *rest = key.split(".")
        if domain == "script" and rest[0] not in ("reload", "toggle", "turn_off", "turn_on"):
            continue  # a person's
        if (domain, category, *rest) not in german and text not in words and text.removesuffix(".") not in words:
            missing.append((key, text))
    assert missing == []


def test_services_speak_the_language_of_who_asks(server: HomeServer):
    """Names, descriptions and fields; English says better what an id says badly; units stay as they are written."""
    with server.websocket(server.user_token) as client:

        def ask(language, category, domain):
            return client.command(
                "frontend/get_translations", language=language, category=category, integration=[domain]
            )["result"]["resources"]

        german, english = ask("de", "services", "light"), ask("en", "services", "light")
        assert german.keys() == english.keys()
        field = "component.light.services.turn_on.fields.brightness_pct.name"
        assert (german[field], english[field]) == ("Helligkeit in Prozent", "Brightness in percent")
        assert german["component.light.services.turn_off.description"] == "Schaltet Lichter aus."
        done = "component.light.device_automation.trigger_type.turned_on"
        assert ask("de", "device_automation", "light")[done] == "{entity_name} wurde eingeschaltet"
        units = ask("de", "selector", "random")
        assert units["component.random.selector.sensor_unit_of_measurement.options.kWh"] == "kWh"
        own = ask("de", "services", "script")
        assert own["component.script.services.reset.name"] == "Reset"  # a person's
        assert own["component.script.services.reload.name"] == "Neu einlesen"
        issue = "component.homeassistant.issues.disk_nearly_full.title"
        assert ask("de", "issues", "homeassistant")[issue] == "Die Festplatte ist fast voll"


def test_each_domain_of_entities_has_a_name_and_an_icon():
    """A new domain without them would show its raw id."""
    english, icons = texts("en"), texts("icons")
    with_entities = {name for name, domain in load_domains().items() if domain.entity is not None}
    assert {name for name in with_entities if "entity_component" not in english.get(name, {})} == set()
    assert {name for name in with_entities if "entity_component" not in icons.get(name, {})} == set()


def test_icons_are_names_of_material_design_icons():
    """Each is `mdi:` and a name."""
    for path, icon in leaves(texts("icons")):
        assert re.fullmatch(r"mdi:[a-z0-9\-]+", icon), path


def test_texts_by_language_category_and_integration(server: HomeServer):
    """Flat keys; English for a language that there is not; nothing of a category that there is not."""
    with server.websocket(server.user_token) as client:

        def ask(**fields):
            return client.command("frontend/get_translations", **fields)["result"]["resources"]

        english = ask(language="en", category="entity_component", integration="binary_sensor")
        assert english["component.binary_sensor.entity_component.door.state.on"] == "Open"
        assert all(key.startswith("component.binary_sensor.entity_component.") for key in english)
        german = ask(language="de-CH", category="entity_component", integration=["binary_sensor", "light"])
        assert german["component.binary_sensor.entity_component.door.state.on"] == "Offen"
        assert german.keys() >= english.keys()
        assert ask(language="xx", category="title", integration="sun") == {"component.sun.title": "Sun"}
        assert ask(language="en", category="nope") == {}
        assert ask(language="en", category="config", config_flow=True)


def test_services_and_device_automations_have_texts(server: HomeServer):
    """Each service that there is, with its fields; what devices offer, with a place for its name or its button's."""
    with server.websocket() as client:
        found = client.command("frontend/get_translations", language="en", category="services")["result"]["resources"]
        described = server.home.services.describe()
        for domain, services in described.items():
            for name in services:
                assert found[f"component.{domain}.services.{name}.name"]
        assert found["component.light.services.turn_on.fields.brightness_pct.name"]
        offered = client.command("frontend/get_translations", language="en", category="device_automation")
        for key, text in offered["result"]["resources"].items():
            assert ".extra_fields." in key or "{entity_name}" in text or "{subtype}" in text, key


def test_icons_by_category_and_integration(server: HomeServer):
    """By domain; a category that there is not is refused."""
    with server.websocket() as client:
        found = client.command("frontend/get_icons", category="services", integration=["light", "nope"])["result"]
        assert set(found["resources"]) == {"light"}
        assert client.command("frontend/get_icons", category="entity")["result"]["resources"]["sun"]
        assert client.command("frontend/get_icons", category="nope")["error"]["code"] == "invalid_format"


def forms_of(flow):
    return getattr(flow, "forms", None) or {}


@pytest.mark.parametrize("domain", sorted(name for name, each in find_integrations().items() if forms_of(each.flow)))
def test_forms_of_helpers_have_labels(domain):
    """Each step with its fields, in the flow and in the options; each list of choices."""
    integration, known = find_integrations()[domain], texts("en")[domain]
    missing = []
    for step, helper in forms_of(integration.flow).items():
        labels = known["config"]["step"].get(step, {}).get("data", {})
        for field in helper.fields(()):
            if field.name not in labels:
                missing.append(f"{step}.{field.name}")
            name = field.selector.config.get("translation_key")
            if name is not None and name not in known.get("selector", {}):
                missing.append(f"selector {name}")
    assert missing == []
