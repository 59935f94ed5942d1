from __future__ import annotations

from structlog.testing import capture_logs

from marge.automations.scenes import load_scenes
from marge.errors import ServiceValidationError
from tests.automations.world import world

EVENING = {
    "id": "evening", "name": "Evening",
    "entities": {
        "light.main": {"state": "on", "brightness": 180},
        "light.accent": {"state": "on", "rgb_color": [255, 147, 41]},
        "media_player.room": {"state": "on", "source": "Music"},
        "input_boolean.a": True,
    },
}


def home(*scenes, profile="native", **options):
    return world({"input_boolean": {"a": {"name": "A"}}, "scene": list(scenes)}, profile=profile, **options)


def test_a_scene_writes_virtual_entities_and_keeps_their_other_attributes():
    """State and attributes are merged, the rest stays; missing entities are made; the call returns when it is done."""
    virtual = {"light.main": ("off", {"friendly_name": "Main", "icon": "mdi:x"}), "light.other": ("off", {})}
    with home(EVENING, virtual=virtual) as made:
        made.call("scene.turn_on", {"entity_id": "scene.evening"}).get(timeout=60)

        assert made.state("light.main") == "on"
        main = made.home.states.get("light.main").attributes
        assert dict(main) == {"friendly_name": "Main", "icon": "mdi:x", "brightness": 180}
        assert made.attribute("light.accent", "rgb_color") == [255, 147, 41]
        assert made.attribute("media_player.room", "source") == "Music"
        assert made.state("light.other") == "off"
        assert made.state("input_boolean.a") == "on"


def test_a_scene_shows_its_members_and_when_it_was_activated():
    """State: the time of the last activation; attributes as HA's."""
    with home(EVENING) as made:
        assert made.state("scene.evening") == "unknown"
        made.call("scene.turn_on", {"entity_id": "scene.evening"}).get(timeout=60)

        assert made.state("scene.evening") == "2026-01-01T00:00:00.000000+00:00"
        shown = made.home.states.get("scene.evening").attributes
        assert shown["entity_id"] == list(EVENING["entities"])
        assert shown["friendly_name"] == "Evening"
        assert shown["id"] == "evening"


def test_an_entity_that_refuses_keeps_no_other_from_its_state():
    """An owned entity whose service fails is logged; the rest of the scene happens."""
    scene = {"name": "S", "entities": {"input_select.nope": "x", "input_boolean.a": "on"}}
    with home(scene, profile="ha") as made, capture_logs() as logs:
        made.call("scene.turn_on", {"entity_id": "scene.s"}).get(timeout=60)

        assert made.state("input_boolean.a") == "on"
        assert made.state("input_select.nope") is None
    assert any("input_select.nope" in str(entry) for entry in logs)


def test_unknown_scene_is_no_error():
    """As HA: logged, and nothing happens."""
    with home() as made:
        assert made.call("scene.turn_on", {"entity_id": "scene.nope"}).get(timeout=60).states == []


def test_snapshot_scene_restores_what_was():
    """`scene.create` remembers states; `turn_on` brings them back; `delete` works for such scenes only."""
    with home(EVENING, virtual={"light.main": ("on", {"brightness": 10})}) as made:
        made.call("scene.create", {"scene_id": "before", "snapshot_entities": ["light.main", "input_boolean.a"]})
        made.call("scene.turn_on", {"entity_id": "scene.evening"})
        assert made.attribute("light.main", "brightness") == 180

        made.call("scene.turn_on", {"entity_id": "scene.before"})

        assert made.attribute("light.main", "brightness") == 10
        assert made.state("input_boolean.a") == "off"
        made.call("scene.delete", {"entity_id": "scene.before"})
        assert made.state("scene.before") is None
        error = made.call("scene.delete", {"entity_id": "scene.evening"}).get(timeout=60)
        assert isinstance(error, ServiceValidationError)


def test_reload_keeps_unchanged_scenes_and_those_made_by_a_service():
    """The activation time of an unchanged scene stays."""
    with home(EVENING, {"name": "Goes", "entities": {}}) as made, capture_logs() as logs:
        made.call("scene.turn_on", {"entity_id": "scene.evening"})
        made.call("scene.create", {"scene_id": "made", "entities": {"input_boolean.a": "on"}})
        count = load_scenes(made.home, [EVENING, {"name": "Bad", "entities": {"nonsense": "on"}}])
        made.settle()

        assert count == 1
        assert made.state("scene.evening") != "unknown"
        assert made.state("scene.goes") is None
        assert made.state("scene.made") == "unknown"
        assert made.state("scene.bad") is None
    assert any(entry.get("scene") == "scene.bad" for entry in logs)
