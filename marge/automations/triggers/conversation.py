"""`trigger: conversation`: somebody says one of these sentences."""

from __future__ import annotations

from typing import Any

import voluptuous as vol
from gevent.event import AsyncResult

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.automations.sentences import PUNCTUATION, PatternError, SentenceMatch, compile_pattern, sentence_triggers


def _sentences(value: Any) -> list[str]:
    sentences = [fields.string(each) for each in fields.as_list(value)]
    if not sentences:
        raise vol.Invalid("at least one sentence is required")
    for sentence in sentences:
        if not sentence.strip():
            raise vol.Invalid("sentence may not be empty")
        if PUNCTUATION.search(sentence):
            raise vol.Invalid("sentence should not contain punctuation")
        try:
            compile_pattern(sentence)
        except PatternError as exc:
            raise vol.Invalid(f"invalid sentence: {exc}") from exc
    return sentences


_SCHEMA = vol.Schema({vol.Required("command"): _sentences})


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    def said(match: SentenceMatch, run: AsyncResult) -> None:
        if host.closed:
            run.set(None)
        else:
            host.post(lambda _nothing: run.set(fire(match)), None)

    def fire(match: SentenceMatch) -> Any:
        data = {
            "platform": "conversation",
            "sentence": match.sentence,
            "details": match.details,
            "slots": dict(match.slots),
            "device_id": match.user_input.get("device_id"),
            "user_input": dict(match.user_input),
        }
        return host.fire(trigger, data)

    patterns = [compile_pattern(each) for each in trigger.config["command"]]
    host.at_close(sentence_triggers(host.home).add(patterns, said, trigger.config["command"]))


TRIGGER = TriggerKind(_SCHEMA, _attach)
