"""What the files may say of ffmpeg's entities. Units: seconds, percent, decibels."""

from __future__ import annotations

import shlex
from typing import Any

import voluptuous as vol

from marge.domains._validators import boolean, string
from marge.util.schema import LateSchema

_MOST = 86_400


def _arguments(value: Any) -> list[str]:
    """Words for the command line, split as a shell would; no shell sees them."""
    try:
        return shlex.split(string(value))
    except ValueError as exc:
        raise vol.Invalid(f"these are no arguments: {exc}") from exc


def _input(value: Any) -> str:
    text = string(value).strip()
    if not text or any(char < " " for char in text):
        raise vol.Invalid("`input` wants an address or a file")
    return text


def _number(least: int, most: int) -> Any:
    return vol.All(vol.Coerce(int), vol.Range(least, most))


_COMMON = {
    vol.Required("input"): _input,
    vol.Optional("extra_arguments", default=""): _arguments,
    vol.Optional("unique_id"): string,
}
_SENSOR = {**_COMMON, vol.Optional("initial_state", default=True): boolean}

MOTION = LateSchema(
    {
        **_SENSOR,
        vol.Optional("name", default="FFmpeg Motion"): string,
        vol.Optional("reset", default=10): _number(1, _MOST),
        vol.Optional("changes", default=10): vol.All(vol.Coerce(float), vol.Range(0, 99)),
        vol.Inclusive("repeat", "repeated", msg="`repeat` and `repeat_time` go together"): _number(1, 1_000),
        vol.Inclusive("repeat_time", "repeated", msg="`repeat` and `repeat_time` go together"): _number(1, _MOST),
    }
)
NOISE = LateSchema(
    {
        **_SENSOR,
        vol.Optional("name", default="FFmpeg Noise"): string,
        vol.Optional("peak", default=-30): _number(-120, 0),
        vol.Optional("duration", default=1): _number(1, _MOST),
        vol.Optional("reset", default=10): _number(1, _MOST),
        vol.Optional("output"): string,
    }
)
CAMERA = LateSchema({**_COMMON, vol.Optional("name", default="FFmpeg"): string})
