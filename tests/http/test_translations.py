"""Texts and icons for front ends."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from marge.entities import load_domains
from marge.integrations.base import find_integrations
from tests.support.home import HomeServer, home_server

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
KEY = re.compile(r"[A-Za-z0-9_\-]+")


@pytest.fixture(scope="module")
def server():
    with home_server() as running:
        yield running


def texts(language):
    return json.loads(files("marge.http.texts").joinpath(f"{language}.json").read_text("utf-8"))


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
