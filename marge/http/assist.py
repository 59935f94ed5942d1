"""The conversation agent and what belongs to it, for the commands and the REST resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marge.conversation import AGENT, PIPELINES, SPEECH, Agent, Pipelines, Speech
from marge.errors import Unavailable

if TYPE_CHECKING:
    from marge.home import Home

_Part = TypeVar("_Part")


def agent_of(home: Home) -> Agent:
    """The home's agent.

    Raises:
        Unavailable: it is not set up yet.
    """
    return _part(home, AGENT, Agent)


def pipelines_of(home: Home) -> Pipelines:
    """The Assist pipelines. Raises as `agent_of`."""
    return _part(home, PIPELINES, Pipelines)


def speech_of(home: Home) -> Speech:
    """The engines that speak. Raises as `agent_of`."""
    return _part(home, SPEECH, Speech)


def _part(home: Home, key: str, kind: type[_Part]) -> _Part:
    found = home.shared.get(key)
    if not isinstance(found, kind):
        raise Unavailable("The conversation agent is not set up yet")
    return found
