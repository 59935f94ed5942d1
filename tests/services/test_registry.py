"""Services are found, validated, aimed at entities and answered; virtual entities are treated leniently."""

from __future__ import annotations

import gevent
import pytest
import voluptuous as vol

from marge.errors import HomeError, ServiceNotFound, ServiceValidationError
from marge.model import Context, Event
from marge.services import CALL_SERVICE, Policy, ServiceRegistry
from tests.entities.conftest import Lamp


@pytest.fixture
def lamps(system, entities):
    for name in ("a", "b"):
        entities.add(Lamp(), f"lamp.{name}", "bridge")
    system.settle()


def test_a_call_reaches_its_entities_and_names_what_changed(entities, services, lamps):
    """The result holds the changed states, the response by entity, and only if asked for."""
    result = services.call("lamp", "turn_on", {"entity_id": ["lamp.a", "lamp.b"], "level": 5}, return_response=True)

    assert [state.entity_id for state in result.states] == ["lamp.a", "lamp.b"]
    assert result.response == {"lamp.a": {"level": 5}, "lamp.b": {"level": 5}}
    assert services.call("lamp", "turn_on", {"entity_id": "lamp.a", "level": 5}).states == []
    assert services.call("LAMP", "Turn_Off", {}, {"entity_id": "all"}).response is None
    assert entities.states.get("lamp.b").state == "off"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"entity_id": "lamp.a", "nope": 1}, "extra keys not allowed @ data['nope']"),
        ({"entity_id": "lamp.a", "level": "x"}, "expected int for dictionary value @ data['level']"),
        ({}, "must contain at least one of entity_id, device_id, area_id, floor_id, label_id."),
        ({"entity_id": "nope"}, "Entity ID nope is an invalid entity ID for dictionary value @ data['entity_id']"),
    ],
)
def test_invalid_data_gets_voluptuous_words(services, lamps, data, text):
    """HA's clients know these texts."""
    with pytest.raises(vol.Invalid) as caught:
        services.call("lamp", "turn_on", data)

    assert str(caught.value) == text


def test_unknown_services_and_unsupported_ones_say_so(services, lamps):
    """Both errors carry what clients translate."""
    with pytest.raises(ServiceNotFound, match=r"Service lamp\.nope not found\."):
        services.call("lamp", "nope", {"entity_id": "lamp.a"})
    with pytest.raises(ServiceValidationError) as caught:
        services.call("lamp", "dim", {"entity_id": "lamp.a"})

    assert str(caught.value) == "Entity lamp.a does not support action lamp.dim"
    assert caught.value.translation_key == "service_not_supported"


def test_one_entitys_refusal_does_not_keep_the_others(entities, services, lamps):
    """All are asked at once; the first error is raised when all have answered."""
    with pytest.raises(HomeError, match="unlucky"):
        services.call("lamp", "turn_on", {"entity_id": "lamp.a", "level": 13})
    services.call("lamp", "turn_on", {"entity_id": "lamp.b"})

    assert entities.states.get("lamp.b").state == "on"


def test_missing_unavailable_and_foreign_entities_are_passed_over(system, entities, services, lamps):
    """200 and an empty list in HA: nothing there, nothing done."""
    entities.report("lamp.a", available=False)
    entities.write("sensor.x", "1", {}, Context.new())
    system.settle()

    assert services.call("lamp", "turn_on", {"entity_id": ["lamp.a", "lamp.gone", "sensor.x"]}).states == []
    assert entities.states.get("lamp.a").state == "unavailable"


def test_groups_stand_for_their_members(entities, services, lamps):
    """A group in a target is replaced by what is in it; one that holds itself does no harm."""
    entities.write("group.all", "off", {"entity_id": ["lamp.a", "group.all"]}, Context.new())

    assert [s.entity_id for s in services.call("lamp", "turn_on", {"entity_id": "group.all"}).states] == ["lamp.a"]


def test_virtual_entities_take_anything(entities, services):
    """Unknown keys and services are no errors for an entity that nobody owns."""
    entities.write("lamp.v", "off", {"keep": 1}, Context.new())
    result = services.call("lamp", "turn_on", {"entity_id": "lamp.v", "level": 2.5, "odd": True})
    assert [(s.state, dict(s.attributes)) for s in result.states] == [("on", {"keep": 1, "level": 2.5})]
    entities.write("toy.v", "off", {}, Context.new())
    services.call("toy", "toggle", {"entity_id": "toy.v"})
    assert entities.states.get("toy.v").state == "on"

    assert services.call("toy", "whatever", {"entity_id": "toy.v"}).states == []
    assert entities.states.get("toy.v").state == "on"


def test_twenty_toggles_end_where_they_began(entities, services):
    """Calls on one entity are serial, whoever makes them."""
    entities.write("toy.v", "off", {}, Context.new())
    jobs = [gevent.spawn(services.call, "toy", "toggle", {"entity_id": "toy.v"}) for _ in range(20)]
    gevent.joinall(jobs, raise_error=True)

    assert entities.states.get("toy.v").state == "off"


def test_the_native_profile_forgives_calls_without_a_target(system, entities):
    """HA answers 400; a lenient home does nothing and says so by an empty list."""
    lenient = ServiceRegistry(system, entities, policy=Policy(lenient_without_target=True))

    assert lenient.call("lamp", "nope", {}).states == []
    assert lenient.call("lamp", "turn_on", {}).states == []


def test_every_call_is_an_event(system, entities, services, lamps):
    """With the data as it came, target included, and the call's context."""
    events: list[Event] = []
    system.bus.subscribe(events.append, CALL_SERVICE)
    context = Context.new()
    services.call("lamp", "turn_off", {}, {"entity_id": "lamp.a"}, context)

    assert events[0].data == {"domain": "lamp", "service": "turn_off", "service_data": {"entity_id": "lamp.a"}}
    assert events[0].context == context


def test_handlers_run_in_the_callers_greenlet_and_may_wait(services):
    """A service that is nobody's entity's may take its time without holding an actor."""
    seen = []

    def handler(call):
        gevent.sleep(0)
        seen.append((dict(call.data), call.return_response, gevent.getcurrent()))
        return {"answer": 42}

    services.register("my", "own", handler, {vol.Required("n"): int}, supports_response="only")
    result = services.call("my", "own", {"n": 1}, return_response=True)

    assert result.response == {"answer": 42}
    assert seen == [({"n": 1}, True, gevent.getcurrent())]
    with pytest.raises(ServiceValidationError, match="requires responses"):
        services.call("my", "own", {"n": 1})
    services.remove("my", "own")
    assert not services.has("my", "own")


def test_an_entity_that_dies_during_a_call_is_passed_over(system, entities, services, lamps):
    """The call ends; the supervisor brings the entity back."""
    system.kill("/entities/lamp.a")
    services.call("lamp", "turn_on", {"entity_id": ["lamp.a", "lamp.b"]})
    system.settle()

    assert entities.states.get("lamp.b").state == "on"
    assert services.call("lamp", "turn_on", {"entity_id": "lamp.a"}).states
