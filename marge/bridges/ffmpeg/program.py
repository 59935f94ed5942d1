"""Where ffmpeg is, and what it is told. Pure but for looking the program up."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.errors import BridgeError

if TYPE_CHECKING:
    from marge.home import Home

_QUIET = ("-nostdin", "-hide_banner", "-nostats")


def find_program(home: Home) -> str:
    """The path of ffmpeg: what `ffmpeg: {ffmpeg_bin: …}` says, the system's, or that of the extra `ffmpeg`.

    Raises:
        BridgeError: there is none.
    """
    section = home.config.sections.get("ffmpeg")
    wanted = section.get("ffmpeg_bin") if isinstance(section, Mapping) else None
    found = shutil.which(str(wanted or "ffmpeg"))
    if found is not None:
        return found
    if wanted:
        raise BridgeError(f"`ffmpeg.ffmpeg_bin`: there is no program {wanted}")
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError) as exc:
        raise BridgeError(
            "ffmpeg is not installed: install your system's package `ffmpeg`, or Marge with `pip install marge[ffmpeg]`"
        ) from exc


def motion_arguments(program: str, conf: Mapping[str, Any]) -> tuple[str, ...]:
    """Prints a line for each picture that differs from the one before by more than `changes` percent."""
    chosen = f"select=gt(scene\\,{conf['changes'] / 100:g}),showinfo"
    source = ("-an", "-i", conf["input"], *conf["extra_arguments"])
    return (program, *_QUIET, *source, "-vf", chosen, "-f", "null", "-")


def noise_arguments(program: str, conf: Mapping[str, Any]) -> tuple[str, ...]:
    """Prints a line when the sound has been below `peak` for `duration`, and one when it is not any more."""
    chosen = f"silencedetect=n={conf['peak']}dB:d={conf['duration']}"
    source = ("-vn", "-i", conf["input"], *conf["extra_arguments"])
    return (program, *_QUIET, *source, "-af", chosen, "-f", "null", "-")


def picture_arguments(program: str, conf: Mapping[str, Any], width: int | None) -> tuple[str, ...]:
    """Writes one JPEG, at most `width` wide, and ends."""
    scale = () if width is None else ("-vf", f"scale='min({width},iw)':-2")
    source = ("-loglevel", "error", "-an", "-i", conf["input"], *conf["extra_arguments"])
    return (program, *_QUIET, *source, *scale, "-frames:v", "1", "-c:v", "mjpeg", "-f", "image2pipe", "-")
