"""What a group shows for what its members show. Pure. Not here: the group's entity."""

from __future__ import annotations

from collections.abc import Sequence

from marge.model import State

# Domain to the words that count as "on" and as "off" there. The group speaks the words of its members.
_WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "person": (("home",), "not_home"),
    "device_tracker": (("home",), "not_home"),
    "cover": (("open",), "closed"),
    "valve": (("open",), "closed"),
    "lock": (("unlocked", "open", "opening", "locking", "unlocking"), "locked"),
    "alarm_control_panel": (
        ("armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass", "triggered"),
        "off",
    ),
    "climate": (("heat", "cool", "heat_cool", "auto", "dry", "fan_only"), "off"),
    "water_heater": (("on", "eco", "electric", "performance", "high_demand", "heat_pump", "gas"), "off"),
    "media_player": (("on", "playing", "paused", "buffering", "idle"), "off"),
    "vacuum": (("on", "cleaning", "returning", "error"), "off"),
    "lawn_mower": (("mowing", "returning"), "off"),
    "plant": (("problem",), "ok"),
    "sun": (("above_horizon",), "below_horizon"),
}
_PLAIN = (("on",), "off")
# Kinds of members that a group cannot sum up into on or off.
WITHOUT_STATE = frozenset(("sensor", "weather", "air_quality", "image_processing", "number", "input_number", "text"))
_GROUP_ON_WORDS = frozenset(("on", "home", "open", "unlocked", "problem", "above_horizon"))


def words_of(state: State) -> tuple[tuple[str, ...], str]:
    """The words for on and for off of a member; a group's own words are those it shows."""
    return _WORDS.get(state.domain, _PLAIN)


def is_on(state: State) -> bool:
    if state.domain == "group":
        return state.state in _GROUP_ON_WORDS
    return state.state in words_of(state)[0]


def group_state(members: Sequence[State], need_all: bool) -> str | None:
    """The group's state. None: unknown, since no member says anything that counts.

    Args:
        members: those that exist.
        need_all: on only while all members are on.
    """
    if not members:
        return None
    if all(member.state == "unavailable" for member in members):
        return "unavailable"
    counting = [member for member in members if member.domain not in WITHOUT_STATE]
    if not counting:
        return None
    told = [member for member in counting if member.state not in ("unknown", "unavailable")]
    if not told:
        return "unknown"
    on = [member for member in told if is_on(member)]
    holds = (len(on) == len(told)) if need_all else bool(on)
    # Members of one kind lend the group their words; a mixed group says on and off.
    words = {(_shown_on(member), words_of(member)[1]) for member in told if member.domain != "group"}
    word_on, word_off = words.pop() if len(words) == 1 else ("on", "off")
    return word_on if holds else word_off


def _shown_on(member: State) -> str:
    words = words_of(member)[0]
    return words[0] if member.domain in ("person", "device_tracker", "cover", "valve", "lock", "plant", "sun") else "on"
