"""What all families have in common: actors that poll, are lost and come back; limits; adding and forgetting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import gevent
import pytest
from gevent.event import Event

from marge.bridges.lan import device as lan_device
from marge.bridges.lan import family as lan_family
from marge.bridges.lan.address import Address
from marge.bridges.lan.device import LanDevice
from marge.bridges.lan.entity import LanEntity, Part
from marge.bridges.lan.family import LanFamily, known
from marge.domains.switch import SwitchEntity
from marge.errors import CredentialsNeeded, HomeError, InvalidRequest, Unreachable
from marge.integrations.host import host_of
from marge.integrations.lan import Found, LanFlow, lan_integration
from tests.support.home import HomeServer, home_server
from tests.support.lan import call, issues, until_state
from tests.support.waiting import until

DOMAIN = "gadget"


class World:
    """What the gadgets are like: the test's side.

    Attributes:
        parts: names of the switches, and whether each is on. error: raised at each question.
        polls, commands: how many there were. gate: a command waits for it.
    """

    def __init__(self) -> None:
        self.parts: dict[str, bool] = {"a": False}
        self.error: Exception | None = None
        self.polls = self.commands = 0
        self.gate = Event()
        self.gate.set()

    def ask(self) -> dict[str, bool]:
        self.polls += 1
        if self.error is not None:
            raise self.error
        return dict(self.parts)


WORLDS: dict[str, World] = {}


class GadgetSwitch(LanEntity, SwitchEntity):
    def turn_on(self, **params: Any) -> Any:
        return self.send("turn", on=True)

    def turn_off(self, **params: Any) -> Any:
        return self.send("turn", on=False)


class Gadget(LanDevice):
    domain = kind = DOMAIN
    poll_s = 0.02

    @property
    def world(self) -> World:
        return WORLDS[str(self.address)]

    def refresh(self) -> None:
        parts = self.world.ask()
        self.register(identifiers=[(DOMAIN, str(self.entry.unique_id))], name=self.entry.title)
        for name, is_on in parts.items():
            self.show(name, partial(self.part, name), is_on=is_on)
        self.keep_only(set(parts))

    def part(self, name: str) -> Part:
        return Part(GadgetSwitch(), f"{self.entry.unique_id}_{name}", name)

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> bool | None:
        self.world.gate.wait(60)
        self.world.commands += 1
        if self.world.error is not None:
            raise self.world.error
        self.world.parts[key] = params["on"]
        return None


def probe(address: Address, secrets: Mapping[str, str]) -> Found:
    world = WORLDS.get(str(address))
    if world is None:
        raise Unreachable("nobody is there")
    world.ask()
    return Found(address.host.replace(".", "_"), address.host, {"host": str(address)})


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_device, "RETRY_S", 0.01)
        patch.setattr(lan_device, "PAUSES_S", (0.01, 0.02))
        patch.setattr(lan_device, "REFUSED_PAUSE_S", 0.02)
        patch.setattr(lan_device, "CONFIRM_S", 0.02)
        patch.setattr(lan_device, "SPREAD_S", 0.0)
        yield


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    with home_server(broker="none") as server:
        host_of(server.home).integrations[DOMAIN] = lan_integration(DOMAIN, "Gadget", LanFlow)
        LanFamily(server.home, DOMAIN, Gadget, probe)
        yield server


@pytest.fixture
def family(home: HomeServer) -> Iterator[LanFamily]:
    found = known(home.home, DOMAIN)
    assert found is not None
    yield found
    for entry in found.entries():
        host_of(home.home).remove(entry.entry_id)
    WORLDS.clear()


def add(family: LanFamily, name: str) -> World:
    WORLDS[name] = world = WORLDS.get(name) or World()
    family.add(family.probe(name, {}))
    return world


def test_a_device_is_there_with_the_reply(home: HomeServer, family: LanFamily) -> None:
    """Its first contact was made meanwhile."""
    add(family, "one")
    assert home.state("switch.one_a").state == "off"
    assert [each["online"] for each in family.listed()] == [True]


def test_equal_answers_change_nothing_and_new_ones_are_shown(home: HomeServer, family: LanFamily) -> None:
    """What nobody touched is not written again and again."""
    world = add(family, "one")
    before = home.home.entities.writes
    asked = world.polls
    until(lambda: world.polls > asked + 3)
    assert home.home.entities.writes == before
    world.parts["a"] = True
    until_state(home, "switch.one_a", "on")


@pytest.mark.parametrize("error", [Unreachable("away"), ValueError("nonsense"), KeyError("x"), RecursionError()])
def test_two_failures_in_a_row_make_it_unavailable_and_one_does_not(
    home: HomeServer, family: LanFamily, error: Exception
) -> None:
    """A lost packet is no news; whatever goes wrong, the actor stays the same."""
    world = add(family, "one")
    actor = family.actor(family.entries()[0])
    states = []
    subscription = home.home.entities.follow(lambda event: states.append(event.data["new_state"].state), "switch.one_a")
    ask, fails = world.ask, iter([error])

    def once() -> dict[str, bool]:
        for each in fails:
            raise each
        return ask()

    world.ask = once  # type: ignore[method-assign]
    asked = world.polls
    until(lambda: world.polls > asked + 2)
    assert states == []
    world.ask = ask  # type: ignore[method-assign]
    world.error = error
    until_state(home, "switch.one_a", "unavailable")
    world.error = None
    until_state(home, "switch.one_a", "off")
    subscription.cancel()
    assert states == ["unavailable", "off"]
    assert family.actor(family.entries()[0]) is actor


def test_a_refusal_is_a_notice_with_its_own_pause(home: HomeServer, family: LanFamily) -> None:
    """And goes when the device takes us again."""
    world = add(family, "one")
    world.error = CredentialsNeeded("no")
    until_state(home, "switch.one_a", "unavailable")
    assert issues(home, DOMAIN) == [f"login_{family.entries()[0].entry_id}"]
    world.error = None
    until_state(home, "switch.one_a", "off")
    until(lambda: issues(home, DOMAIN) == [])


def test_a_part_that_is_missing_is_unavailable_then_forgotten(home: HomeServer, family: LanFamily) -> None:
    """It has ten polls to come back."""
    world = add(family, "one")
    world.parts["b"] = True
    until(lambda: home.home.states.get("switch.one_b") is not None)
    del world.parts["b"]
    until_state(home, "switch.one_b", "unavailable")
    world.parts["b"] = True
    until_state(home, "switch.one_b", "on")
    del world.parts["b"]
    until(lambda: home.home.states.get("switch.one_b") is None)
    assert home.home.registries.entities.get("switch.one_b") is None


def test_a_device_without_any_part_is_a_fault_and_nothing_is_forgotten(home: HomeServer, family: LanFamily) -> None:
    """What people have set would be lost."""
    world = add(family, "one")
    world.parts.clear()
    until_state(home, "switch.one_a", "unavailable")
    asked = world.polls
    until(lambda: world.polls > asked + lan_device.FORGET_AFTER)
    assert home.home.registries.entities.get("switch.one_a") is not None
    world.parts["a"] = True
    until_state(home, "switch.one_a", "on")


def test_commands_in_a_row_are_asked_about_once(home: HomeServer, family: LanFamily) -> None:
    """All of them are carried out, in order."""
    world = add(family, "one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gadget, "poll_s", 60.0)
        patch.setattr(lan_device, "CONFIRM_S", 60.0)
        asked = world.polls
        until(lambda: world.polls > asked)  # from now on only commands ask
        world.gate.clear()
        asked = world.polls
        calls = [
            gevent.spawn(call, home, f"switch.turn_{'off' if each % 2 else 'on'}", "switch.one_a") for each in range(9)
        ]
        actor = family.actor(family.entries()[0])
        assert actor is not None
        until(lambda: len(actor.actor_inbox) >= 8)
        world.gate.set()
        gevent.joinall(calls, raise_error=True)
        assert (world.commands, world.polls - asked) == (9, 1)
        assert home.state("switch.one_a").state == ("on" if world.parts["a"] else "off")


def test_a_full_mailbox_is_an_error_for_whoever_calls(home: HomeServer, family: LanFamily) -> None:
    """Nothing piles up without an end."""
    world = add(family, "one")
    entity = home.home.entities.owned["switch.one_a"]
    assert isinstance(entity, GadgetSwitch)
    world.gate.clear()
    with pytest.raises(HomeError, match="too much"):
        for _ in range(Gadget.mailbox_limit + 10):
            entity.turn_on()
    world.gate.set()
    until_state(home, "switch.one_a", "on")


def test_an_actor_that_ended_is_an_error_for_whoever_calls(home: HomeServer, family: LanFamily) -> None:
    """Until its supervisor has started it again."""
    add(family, "one")
    entity = home.home.entities.owned["switch.one_a"]
    assert isinstance(entity, GadgetSwitch)
    home.home.system.kill("/bridges/gadget/one")
    until(lambda: home.home.system.ref("/bridges/gadget/one") is None)
    with pytest.raises(HomeError, match="not connected"):
        entity.turn_on()


def test_only_so_many_addresses_are_tried_at_once(home: HomeServer, family: LanFamily) -> None:
    """Who comes later is asked to try again."""
    held = Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_family, "PROBE_WAIT_S", 0.01)
        patch.setattr(family, "_probe", lambda address, secrets: held.wait(60) and probe(address, secrets))
        probes = [gevent.spawn(family.probe, f"host{each}", {}) for each in range(lan_family.MAX_PROBES)]
        gevent.idle()
        with pytest.raises(Unreachable, match="Too many"):
            family.probe("another", {})
        held.set()
        gevent.joinall(probes)


def test_a_probe_ends_in_time_whatever_it_does(family: LanFamily) -> None:
    """The caller has an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_family, "PROBE_S", 0.02)
        patch.setattr(family, "_probe", lambda address, secrets: gevent.sleep(10))
        with pytest.raises(Unreachable, match="in time"):
            family.probe("slow", {})


def test_there_is_a_limit_for_devices(home: HomeServer, family: LanFamily) -> None:
    """Known ones may be added again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lan_family, "MAX_DEVICES", 1)
        add(family, "one")
        with pytest.raises(InvalidRequest):
            add(family, "two")
        add(family, "one")
    assert len(family.entries()) == 1


def test_a_device_that_is_not_polled_is_asked_after_commands_only(home: HomeServer, family: LanFamily) -> None:
    """The frontend's switch for it."""
    world = add(family, "one")
    entry = family.entries()[0]
    home.home.registries.config_entries.update(entry.entry_id, pref_disable_polling=True)
    actor = family.actor(entry)
    assert actor is not None
    until(lambda: actor._timer is not None and actor._timer.done)
    home.wait()
    asked = world.polls
    assert call(home, "switch.turn_on", "switch.one_a") == "on"
    assert world.polls == asked + 1


def test_health_counts_those_that_are_away(home: HomeServer, family: LanFamily) -> None:
    """Without naming them."""
    add(family, "one")
    add(family, "two").error = Unreachable("gone")
    until_state(home, "switch.two_a", "unavailable")
    told = home.rest("GET", "/api/health", token=None).json()["integrations"][DOMAIN]
    assert (told["status"], told["devices"], told["unreachable"], told["entities"]) == ("degraded", 2, 1, 2)
    assert told["last_error"] == "gone"


def test_the_supervisor_finds_its_devices_again(home: HomeServer, family: LanFamily) -> None:
    """After a failure of its own."""
    world = add(family, "one")
    home.home.system.kill("/bridges/gadget")
    until(lambda: home.home.system.ref("/bridges/gadget") is None)
    home.home.system.restart("/bridges/gadget")
    asked = world.polls
    until(lambda: world.polls > asked + 1 and home.state("switch.one_a").state == "off")
