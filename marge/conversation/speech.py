"""Engines that speak: who they are, what they have said, and where it can be heard."""

from __future__ import annotations

import secrets
import socket
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marge.actors import native
from marge.errors import HomeError, ServiceValidationError

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "speech"
"""The key of the `Speech` in `home.shared`."""
MAX_MESSAGE = 5_000
MAX_CLIPS = 200
MAX_CLIP_BYTES = 32 * 1024 * 1024
"""Of all that is kept together."""

Synthesize = Callable[[str, str, Mapping[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class TtsEngine:
    """One engine.

    Attributes:
        name: for people; None for an engine that is an entity, which has its own.
        synthesize: `(message, language, options)` to sound; called in a native thread.
        extension, mime_type: of that sound.
        voices: by language: `{"voice_id", "name"}`.
    """

    engine_id: str
    name: str | None
    languages: Sequence[str]
    synthesize: Synthesize
    extension: str = "wav"
    mime_type: str = "audio/x-wav"
    default_language: str = "en"
    voices: Mapping[str, Sequence[Mapping[str, str]]] | None = None

    def as_dict(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"engine_id": self.engine_id}
        if self.name is not None:
            shown["name"] = self.name
        return {**shown, "supported_languages": list(self.languages)}


@dataclass(frozen=True, slots=True)
class Clip:
    """Something that was said."""

    path: str
    mime_type: str
    data: bytes


class Speech:
    """The engines and clips of one home. `say` waits."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._engines: dict[str, TtsEngine] = {}
        self._clips: OrderedDict[str, Clip] = OrderedDict()
        self._said: dict[tuple[str, str, str, str], str] = {}

    def register(self, engine: TtsEngine) -> Callable[[], None]:
        """Offer an engine. Returns how to end that."""
        self._engines[engine.engine_id] = engine
        return lambda: (self._engines.pop(engine.engine_id, None), None)[1]

    def get(self, engine_id: str | None) -> TtsEngine | None:
        return None if engine_id is None else self._engines.get(engine_id)

    def engines(self) -> list[TtsEngine]:
        return list(self._engines.values())

    def say(
        self, engine_id: str, message: str, language: str | None = None, options: Mapping[str, Any] | None = None
    ) -> Clip:
        """The sound of a message; made once.

        Raises:
            HomeError: no such engine, or it cannot.
        """
        engine = self._engines.get(engine_id)
        if engine is None:
            raise HomeError(f"Provider {engine_id} not found")
        if len(message) > MAX_MESSAGE:
            raise ServiceValidationError(f"A message has {MAX_MESSAGE} characters at most")
        spoken = language or engine.default_language
        if spoken not in engine.languages:
            spoken = spoken.partition("-")[0]
        if spoken not in engine.languages:
            raise HomeError(f"Language '{language}' not supported")
        key = (engine_id, message, spoken, repr(sorted((options or {}).items())))
        known = self._said.get(key)
        if known is not None and known in self._clips:
            return self._clips[known]
        data = native.run(engine.synthesize, message, spoken, dict(options or {}))
        name = f"{secrets.token_urlsafe(16)}.{engine.extension}"
        clip = self._clips[name] = Clip(f"/api/tts_proxy/{name}", engine.mime_type, data)
        self._said[key] = name
        self._trim()
        return clip

    def clip(self, name: str) -> Clip | None:
        """What was said under this name."""
        return self._clips.get(name)

    def clear(self) -> None:
        """Forget what was said."""
        self._clips.clear()
        self._said.clear()

    def url(self, path: str) -> str:
        """Where players in the home's network find it."""
        config = self._home.config
        base = config.internal_url or config.external_url
        return f"{(base or f'http://{own_address()}:{config.marge.http_port}').rstrip('/')}{path}"

    def _trim(self) -> None:
        while self._clips and (
            len(self._clips) > MAX_CLIPS or sum(len(each.data) for each in self._clips.values()) > MAX_CLIP_BYTES
        ):
            self._clips.popitem(last=False)
        self._said = {key: name for key, name in self._said.items() if name in self._clips}


def own_address() -> str:
    """The address that others in the network see; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
