"""Intents that ask for something."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from marge.conversation.doing import found_by, wanted_of
from marge.conversation.intents import QUERY_ANSWER, Handler, Intent, NothingMatches, Outcome, outcome_of
from marge.conversation.targets import Found
from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import State

_UNKNOWN = ("unknown", "unavailable")


def _get_state(home: Home, intent: Intent) -> Outcome:
    """The state, or, when the intent names one, whether it holds: `facts["holds"]`."""
    wanted = wanted_of(intent)
    asked = wanted.states
    found = found_by(home, intent, dataclasses.replace(wanted, states=()))
    outcome = outcome_of(found, QUERY_ANSWER)
    if asked:
        fitting = [state for state in found.states if state.state in asked]
        outcome.facts.update(holds=bool(fitting), count=len(fitting), fitting=[state.name for state in fitting])
    return outcome


def _temperature(home: Home, intent: Intent) -> Outcome:
    """What a thermostat measures; without a name or area the first one that measures anything."""
    wanted = wanted_of(intent, ("climate",))
    found = found_by(home, intent, wanted)
    measuring = [state for state in found.states if state.attributes.get("current_temperature") is not None]
    if not measuring:
        raise NothingMatches(Found(missing="state"))
    outcome = outcome_of(Found(measuring[:1], found.places), QUERY_ANSWER)
    outcome.facts["temperature"] = measuring[0].attributes["current_temperature"]
    outcome.facts["unit"] = home.config.units["temperature"]
    return outcome


def _weather(home: Home, intent: Intent) -> Outcome:
    found = found_by(home, intent, wanted_of(intent, ("weather",)))
    known = [state for state in found.states if state.state not in _UNKNOWN]
    if not known:
        raise NothingMatches(Found(missing="state"))
    outcome = outcome_of(Found(known[:1]), QUERY_ANSWER)
    outcome.facts.update(_of_weather(known[0]))
    return outcome


def _of_weather(state: State) -> dict[str, object]:
    return {
        "state": state.state,
        "temperature": state.attributes.get("temperature"),
        "unit": state.attributes.get("temperature_unit", ""),
    }


def _time(home: Home, _intent: Intent) -> Outcome:
    now = from_epoch(home.clock.home_now()).astimezone(home.config.time_zone)
    return Outcome(QUERY_ANSWER, facts={"time": now.strftime("%H:%M")})


def _date(home: Home, _intent: Intent) -> Outcome:
    now = from_epoch(home.clock.home_now()).astimezone(home.config.time_zone)
    return Outcome(QUERY_ANSWER, facts={"date": now.date().isoformat()})


ASKING: dict[str, Handler] = {
    "HassGetState": _get_state,
    "HassClimateGetTemperature": _temperature,
    "HassGetWeather": _weather,
    "HassGetCurrentTime": _time,
    "HassGetCurrentDate": _date,
}
