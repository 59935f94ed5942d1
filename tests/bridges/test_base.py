"""Kinds of bridges are found by their folders, and each says what a home needs of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from marge import bridges
from marge.bridges.base import find_kinds
from marge.bridges.simulator import SimulatorBridge
from marge.home import Home

MakeHome = Callable[..., Home]


OF_EVERY_HOME = ("broker", "demo", "mqtt", "mqtt_devices", "simulator")
"""The other kinds are families of devices, whose bridges a home has for what it has been told of."""


def names(home: Home) -> list[str]:
    kinds = [kind for kind in find_kinds() if kind.name in OF_EVERY_HOME and kind.name != "mqtt_devices"]
    return [spec.name for kind in kinds for spec in kind.specs(home)]


def test_kinds_are_found_by_their_folders() -> None:
    """A new bridge is one new folder; each is called as its folder is, and they come in that order."""
    found = [kind.name for kind in find_kinds()]
    folders = {each.parent.name for each in Path(bridges.__file__).parent.glob("*/__init__.py")}

    assert set(OF_EVERY_HOME) <= set(found) <= folders
    assert found == sorted(found)


def test_a_home_starts_what_it_needs(make_home: MakeHome) -> None:
    """Broker before client, the simulated house only where it is wanted, no broker beside an external one."""
    assert names(make_home()) == ["broker", "mqtt"]
    assert names(make_home(simulator=True)) == ["broker", "mqtt", "simulator"]
    assert names(make_home(broker="external", broker_host="192.0.2.1")) == ["mqtt"]
    assert names(make_home(broker="external")) == []


def test_the_simulated_house_talks_to_our_broker(make_home: MakeHome) -> None:
    """Over the loopback, wherever the broker listens; to the external one where there is one."""

    def arguments(**settings: object) -> tuple[str, ...]:
        bridge = object.__new__(SimulatorBridge)
        bridge.home = make_home(simulator=True, **settings)
        return bridge.command().arguments

    assert arguments(mqtt_host="0.0.0.0", mqtt_port=1)[:8] == (
        sys.executable, "-m", "marge", "simulate", "--host", "127.0.0.1", "--port", "1",
    )  # fmt: skip
    assert "192.0.2.1" in arguments(broker="external", broker_host="192.0.2.1", broker_port=2)


def test_a_password_is_no_argument(make_home: MakeHome) -> None:
    """Everybody on the machine sees the arguments of a process; the child gets a file."""
    bridge = object.__new__(SimulatorBridge)
    bridge.home = make_home(
        simulator=True, broker="external", broker_host="192.0.2.1", broker_username="u", broker_password="secret!"
    )
    command = bridge.command()
    assert not any("secret!" in argument for argument in command.arguments)
