"""Carrying an intent out, whoever wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.conversation.asking import ASKING
from marge.conversation.doing import DOING
from marge.conversation.intents import Intent, IntentError, Outcome
from marge.conversation.own_intents import own_intents

if TYPE_CHECKING:
    from marge.home import Home

_HANDLERS = {**DOING, **ASKING}


def handle(home: Home, intent: Intent) -> Outcome:
    """Carry an intent out. Waits.

    Raises:
        IntentError: it cannot be.
    """
    own = own_intents(home)
    if own is not None and own.knows(intent.name):
        return own.handle(intent)
    handler = _HANDLERS.get(intent.name)
    if handler is None:
        raise IntentError(f"Unknown intent {intent.name}")
    return handler(home, intent)
