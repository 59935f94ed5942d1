"""Commands about engines that speak, that listen, and that wait for a wake word."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.conversation.speech import TtsEngine
from marge.domains._validators import entity_id
from marge.domains.stt import SttEntity
from marge.http.assist import speech_of
from marge.http.ws import errors
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_PLACE = {vol.Optional("country"): str, vol.Optional("language"): str}


def _engine(session: Session, engine_id: str) -> TtsEngine:
    found = speech_of(session.home).get(engine_id)
    if found is None:
        raise errors.CommandError(errors.NOT_FOUND, f"tts engine {engine_id} not found")
    return found


def _spoken(languages: Any, language: str | None) -> list[str]:
    """All, or those that fit a language tag."""
    if language is None:
        return list(languages)
    code = language.partition("-")[0].lower()
    return [each for each in languages if each.partition("-")[0].lower() == code]


@command("tts/engine/list", _PLACE)
def list_tts(session: Session, message: dict[str, Any]) -> None:
    """The engines that speak."""
    language = message.get("language")
    shown = [
        {**each.as_dict(), "supported_languages": _spoken(each.languages, language)}
        for each in speech_of(session.home).engines()
    ]
    session.result(message["id"], {"providers": shown})


@command("tts/engine/get", {vol.Required("engine_id"): str})
def get_tts(session: Session, message: dict[str, Any]) -> None:
    """One of them."""
    session.result(message["id"], {"provider": _engine(session, message["engine_id"]).as_dict()})


@command("tts/engine/voices", {vol.Required("engine_id"): str, vol.Required("language"): str})
def voices(session: Session, message: dict[str, Any]) -> None:
    """Its voices in a language; None: it has no choice of them."""
    engine = _engine(session, message["engine_id"])
    found = None if engine.voices is None else list(engine.voices.get(message["language"], ()))
    session.result(message["id"], {"voices": found})


@command("stt/engine/list", _PLACE)
def list_stt(session: Session, message: dict[str, Any]) -> None:
    """The engines that listen."""
    language = message.get("language")
    owned = session.home.entities.owned
    engines = [(state.entity_id, owned.get(state.entity_id)) for state in session.home.states.domain("stt")]
    shown = [
        {"engine_id": each, "supported_languages": _spoken(engine.languages, language)}
        for each, engine in engines
        if isinstance(engine, SttEntity)
    ]
    session.result(message["id"], {"providers": shown})


@command("wake_word/info", {vol.Required("entity_id"): entity_id})
def wake_words(session: Session, message: dict[str, Any]) -> None:
    """The wake words that an engine knows."""
    found = session.home.entities.owned.get(message["entity_id"])
    if found is None or found.domain != "wake_word":
        raise errors.CommandError(errors.NOT_FOUND, "Entity not found")
    session.result(message["id"], {"wake_words": list(getattr(found, "wake_words", ()))})
