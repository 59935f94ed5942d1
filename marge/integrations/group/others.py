"""Groups of everything but lights: switches, binary sensors, covers, fans, locks, players, sensors, notifiers."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marge.actors import Future
from marge.domains import cover, fan, media_player
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.button import ButtonEntity
from marge.domains.cover import CoverEntity
from marge.domains.event import EventEntity
from marge.domains.fan import FanEntity
from marge.domains.lock import LockEntity
from marge.domains.media_player import MediaPlayerEntity
from marge.domains.notify import NotifyEntity
from marge.domains.sensor import SensorEntity
from marge.domains.switch import SwitchEntity
from marge.integrations.group.base import (
    MemberGroup,
    any_or_all,
    features_of,
    has_value,
    mean,
    most_common,
    values_of,
)
from marge.model import Event, State
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.home import Home


class SwitchGroup(MemberGroup, SwitchEntity):
    """Several switches. With `all` it is on only while all are."""

    member_domains = ("switch",)

    def sum_up(self, states: Sequence[State]) -> None:
        mode = any_or_all(bool(self.conf.get("all")))
        self.is_on = mode(state.state == "on" for state in states) if mode(map(has_value, states)) else None

    def turn_on(self, **params: Any) -> Future | None:
        return self.pass_on("turn_on")

    def turn_off(self, **params: Any) -> Future | None:
        return self.pass_on("turn_off")


class BinarySensorGroup(MemberGroup, BinarySensorEntity):
    """Several binary sensors."""

    member_domains = ("binary_sensor",)

    def sum_up(self, states: Sequence[State]) -> None:
        mode = any_or_all(bool(self.conf.get("all")))
        self.is_on = mode(state.state == "on" for state in states) if mode(map(has_value, states)) else None
        self.device_class = self.conf.get("device_class")


class CoverGroup(MemberGroup, CoverEntity):
    """Several covers: closed while all are; positions are means."""

    member_domains = ("cover",)

    def sum_up(self, states: Sequence[State]) -> None:
        moving = [state.state for state in states]
        self.is_opening = "opening" in moving
        self.is_closing = "closing" in moving and not self.is_opening
        known = [each for each in moving if each in ("open", "opening", "closed", "closing")]
        self.is_closed = all(each == "closed" for each in known) if known else None
        features = 0
        for each in states:
            features |= features_of(each)
        move = cover.OPEN | cover.CLOSE
        tilt = cover.OPEN_TILT | cover.CLOSE_TILT
        each_has = [features_of(state) for state in states]
        shown = 0
        for bits in (
            move, cover.STOP, cover.SET_POSITION, tilt, cover.STOP_TILT, cover.SET_TILT_POSITION,
        ):  # fmt: skip
            if any(has & bits == bits for has in each_has):
                shown |= bits
        self.supported_features = shown
        self.current_position = mean(values_of(states, "current_position"))
        self.current_tilt_position = mean(values_of(states, "current_tilt_position"))

    def open_cover(self) -> Future | None:
        return self.pass_on("open_cover", supporting=cover.OPEN | cover.CLOSE)

    def close_cover(self) -> Future | None:
        return self.pass_on("close_cover", supporting=cover.OPEN | cover.CLOSE)

    def stop_cover(self) -> Future | None:
        return self.pass_on("stop_cover", supporting=cover.STOP)

    def set_cover_position(self, position: int) -> Future | None:
        return self.pass_on("set_cover_position", {"position": position}, cover.SET_POSITION)

    def open_cover_tilt(self) -> Future | None:
        return self.pass_on("open_cover_tilt", supporting=cover.OPEN_TILT | cover.CLOSE_TILT)

    def close_cover_tilt(self) -> Future | None:
        return self.pass_on("close_cover_tilt", supporting=cover.OPEN_TILT | cover.CLOSE_TILT)

    def stop_cover_tilt(self) -> Future | None:
        return self.pass_on("stop_cover_tilt", supporting=cover.STOP_TILT)

    def set_cover_tilt_position(self, tilt_position: int) -> Future | None:
        return self.pass_on("set_cover_tilt_position", {"tilt_position": tilt_position}, cover.SET_TILT_POSITION)


class FanGroup(MemberGroup, FanEntity):
    """Several fans: on while one is; the speed is the mean of those with speeds."""

    member_domains = ("fan",)

    def sum_up(self, states: Sequence[State]) -> None:
        self.is_on = any(state.state == "on" for state in states) if any(map(has_value, states)) else None
        shown = 0
        for bit in (fan.SET_SPEED, fan.OSCILLATE, fan.DIRECTION, fan.TURN_ON, fan.TURN_OFF):
            if any(features_of(state) & bit for state in states):
                shown |= bit
        self.supported_features = shown
        self.percentage = mean(values_of(states, "percentage"))
        steps = values_of(states, "percentage_step")
        self.speed_count = round(100 / steps[0]) if steps and len(set(steps)) == 1 and steps[0] else 100
        swinging, directions = values_of(states, "oscillating"), values_of(states, "direction")
        self.oscillating = most_common(swinging)
        self.current_direction = most_common(directions)

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> Future | None:
        if percentage is not None:
            return self.set_percentage(percentage)
        return self.pass_on("turn_on", supporting=fan.TURN_ON)

    def turn_off(self, **_more: Any) -> Future | None:
        return self.pass_on("turn_off", supporting=fan.TURN_OFF)

    def set_percentage(self, percentage: int) -> Future | None:
        return self.pass_on("set_percentage", {"percentage": percentage}, fan.SET_SPEED)

    def set_direction(self, direction: str) -> Future | None:
        return self.pass_on("set_direction", {"direction": direction}, fan.DIRECTION)

    def oscillate(self, oscillating: bool) -> Future | None:
        return self.pass_on("oscillate", {"oscillating": oscillating}, fan.OSCILLATE)


class LockGroup(MemberGroup, LockEntity):
    """Several locks: locked while all are."""

    member_domains = ("lock",)

    def sum_up(self, states: Sequence[State]) -> None:
        shown = [state.state for state in states if has_value(state)]
        self.is_jammed = "jammed" in shown
        self.is_locking = "locking" in shown
        self.is_unlocking = "unlocking" in shown
        self.is_opening = "opening" in shown
        self.is_open = "open" in shown
        self.is_locked = all(each == "locked" for each in shown) if shown else None
        self.supported_features = 1 if any(features_of(state) & 1 for state in states) else 0

    def lock(self, **code: str) -> Future | None:
        return self.pass_on("lock", code)

    def unlock(self, **code: str) -> Future | None:
        return self.pass_on("unlock", code)

    def open(self, **code: str) -> Future | None:
        return self.pass_on("open", code, 1)


_PLAYER_FEATURES = (
    media_player.PAUSE, media_player.PLAY, media_player.STOP, media_player.TURN_ON, media_player.TURN_OFF,
    media_player.VOLUME_SET, media_player.VOLUME_MUTE, media_player.PREVIOUS_TRACK, media_player.NEXT_TRACK,
    media_player.SEEK, media_player.SHUFFLE_SET, media_player.CLEAR_PLAYLIST, media_player.PLAY_MEDIA,
)  # fmt: skip


class MediaPlayerGroup(MemberGroup, MediaPlayerEntity):
    """Several players: the state that all share, else whether any is not off."""

    member_domains = ("media_player",)

    def sum_up(self, states: Sequence[State]) -> None:
        shown = [state.state for state in states if has_value(state)]
        if not shown:
            self.playback = None
        elif len(set(shown)) == 1:
            self.playback = shown[0]
        else:
            self.playback = "on" if any(each != "off" for each in shown) else "off"
        self.supported_features = sum(
            bit for bit in _PLAYER_FEATURES if any(features_of(state) & bit for state in states)
        )
        levels = [each for each in values_of(states, "volume_level") if isinstance(each, (int, float))]
        muted = values_of(states, "is_volume_muted")
        details: dict[str, Any] = {}
        if levels:
            details["volume_level"] = max(levels)
        if muted:
            details["is_volume_muted"] = all(muted)
        self.details = details

    def turn_on(self) -> Future | None:
        return self.pass_on("turn_on", supporting=media_player.TURN_ON)

    def turn_off(self) -> Future | None:
        return self.pass_on("turn_off", supporting=media_player.TURN_OFF)

    def media_play(self) -> Future | None:
        return self.pass_on("media_play", supporting=media_player.PLAY)

    def media_pause(self) -> Future | None:
        return self.pass_on("media_pause", supporting=media_player.PAUSE)

    def media_stop(self) -> Future | None:
        return self.pass_on("media_stop", supporting=media_player.STOP)

    def media_next_track(self) -> Future | None:
        return self.pass_on("media_next_track", supporting=media_player.NEXT_TRACK)

    def media_previous_track(self) -> Future | None:
        return self.pass_on("media_previous_track", supporting=media_player.PREVIOUS_TRACK)

    def clear_playlist(self) -> Future | None:
        return self.pass_on("clear_playlist", supporting=media_player.CLEAR_PLAYLIST)

    def set_volume_level(self, volume: float) -> Future | None:
        return self.pass_on("volume_set", {"volume_level": volume}, media_player.VOLUME_SET)

    def mute_volume(self, mute: bool) -> Future | None:
        return self.pass_on("volume_mute", {"is_volume_muted": mute}, media_player.VOLUME_MUTE)

    def set_shuffle(self, shuffle: bool) -> Future | None:
        return self.pass_on("shuffle_set", {"shuffle": shuffle}, media_player.SHUFFLE_SET)

    def media_seek(self, position: float) -> Future | None:
        return self.pass_on("media_seek", {"seek_position": position}, media_player.SEEK)

    def play_media(self, media_type: str, media_id: str, **more: Any) -> Future | None:
        data = {"media_content_type": media_type, "media_content_id": media_id}
        return self.pass_on("play_media", data, media_player.PLAY_MEDIA)


SENSOR_KINDS = ("last", "max", "mean", "median", "min", "product", "range", "stdev", "sum")


class SensorGroup(MemberGroup, SensorEntity):
    """One number of several sensors. Without `ignore_non_numeric` all of them have to be numbers."""

    member_domains = ("sensor", "number", "input_number")
    _named: Mapping[str, Any] = {}

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        self.kind = str(conf.get("type", "mean"))
        self._latest: str | None = None
        super().__init__(home, conf)

    def sum_up(self, states: Sequence[State]) -> None:
        numbers: dict[str, float] = {}
        for state in states:
            try:
                numbers[state.entity_id] = float(state.state)
            except ValueError:
                continue
        self.device_class = self._shared(states, "device_class")
        self.unit_of_measurement = self._shared(states, "unit_of_measurement")
        self.state_class = self._shared(states, "state_class")
        self._named = {}
        is_whole = len(numbers) == len(self.members)
        if not numbers or not (is_whole or self.conf.get("ignore_non_numeric")):
            self.native_value = None
            self.available = self.available and bool(numbers)
            return
        self.native_value = self._value(numbers)

    def _shared(self, states: Sequence[State], attribute: str) -> Any:
        """What was chosen for the group, else what all of them say."""
        if self.conf.get(attribute) is not None:
            return self.conf[attribute]
        found = {state.attributes.get(attribute) for state in states}
        return found.pop() if len(found) == 1 else None

    def _value(self, numbers: Mapping[str, float]) -> float | None:
        values = list(numbers.values())
        match self.kind:
            case "min" | "max":
                chosen = (min if self.kind == "min" else max)(numbers, key=numbers.__getitem__)
                self._named = {f"{self.kind}_entity_id": chosen}
                return numbers[chosen]
            case "mean":
                return statistics.fmean(values)
            case "median":
                return statistics.median(values)
            case "last":
                latest = self._latest if self._latest is not None and self._latest in numbers else list(numbers)[-1]
                self._named = {"last_entity_id": latest}
                return numbers[latest]
            case "range":
                return max(values) - min(values)
            case "stdev":
                return statistics.stdev(values) if len(values) > 1 else 0.0
            case "sum":
                return sum(values)
        product = 1.0
        for value in values:
            product *= value
        return product

    def source_changed(self, event: Event) -> None:
        self._latest = event.data["entity_id"]

    def more_attributes(self) -> dict[str, Any]:
        return dict(self._named)


class EventGroup(MemberGroup, EventEntity):
    """Several event entities: the latest event of any of them."""

    member_domains = ("event",)

    def sum_up(self, states: Sequence[State]) -> None:
        types = [each for listed in values_of(states, "event_types") for each in listed]
        self.event_types = list(dict.fromkeys(types))
        self.force_update = False
        told = [(at, state) for state in states if (at := parse_iso(state.state)) is not None]
        if not told:
            return
        at, latest = max(told, key=lambda pair: pair[0])
        self.happened_at = at.timestamp()
        self.event_type = latest.attributes.get("event_type")
        passed_over = ("event_types", "event_type", "friendly_name", "device_class", "icon", "entity_id", "restored")
        self.event_data = {name: value for name, value in latest.attributes.items() if name not in passed_over}


class ButtonGroup(MemberGroup, ButtonEntity):
    """Several buttons, pressed at once."""

    member_domains = ("button",)

    def sum_up(self, states: Sequence[State]) -> None:
        pressed = [at.timestamp() for state in states if (at := parse_iso(state.state)) is not None]
        if pressed and self.pressed_at is None:
            self.pressed_at = max(pressed)

    def press(self) -> Future | None:
        return self.pass_on("press")


class NotifyGroup(MemberGroup, NotifyEntity):
    """Several notifiers: a message goes to all."""

    member_domains = ("notify",)

    def sum_up(self, states: Sequence[State]) -> None:
        self.supported_features = 1 if any(features_of(state) & 1 for state in states) else 0

    def send_message(self, message: str, title: str | None = None) -> Future | None:
        return self.pass_on("send_message", {"message": message, **({} if title is None else {"title": title})})
