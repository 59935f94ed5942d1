"""Why a state is as it is: the chain from it back to a user, a device, a time, or Marge itself.

Runs in the asker's greenlet; it may wait for the database. Not here: remembering (`ledger`, `recorded`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.automations.traces import ensure_traces
from marge.console.ledger import CALL_SERVICE, Change, Doing, ledger_of
from marge.console.recorded import Past, made_at
from marge.entities import RESTORED
from marge.errors import NotFound, Unavailable
from marge.integrations.base import SHARED as HOST
from marge.model import Context, State
from marge.util import dt

if TYPE_CHECKING:
    from marge.home import Home

MAX_CONTEXTS = 20
MAX_RUNS = 5
"""That are shown under one context: an automation and the scripts that it called."""
SAME_MOMENT_S = 0.001
"""What happened so shortly after cannot be told from what happened before."""
TRIGGER_BEFORE_S = 5.0
STATE_OF = "state of "
AMBIENT = {
    "time pattern": "the time", "time": "the time", "sunset": "sunset", "sunrise": "sunrise",
    "Home Assistant starting": "the start of Marge", "Home Assistant stopping": "the end of Marge",
}  # fmt: skip
"""Sources of runs in people's words."""

STAND_INS = {"token": "the operator's token", "anybody": "somebody without an account"}
"""Who may act in a home without an owner, in people's words."""

Step = dict[str, Any]


def why(home: Home, entity_id: str) -> dict[str, Any]:
    """Why the entity's state has its value.

    Raises:
        NotFound: there is no such entity.
    """
    entity_id = home.states.current_id(entity_id)
    state = home.states.get(entity_id)
    if state is None:
        raise NotFound(f"There is no entity {entity_id}.")
    chain = _Chain(home)
    change = _change_to(home, state, chain.past)
    if change is not None:
        chain.follow(change)
    else:
        chain.add_state(Change(state.context, entity_id, None, state.state, state.last_changed))
        chain.ends_before_memory(state)
    return chain.answer(entity_id)


def why_context(home: Home, context_id: str) -> dict[str, Any]:
    """What happened under a context, and why.

    Raises:
        NotFound: nothing is known of it any more.
    """
    chain = _Chain(home)
    changes, doings = ledger_of(home).under((context_id,))
    if changes:
        chain.follow(changes[-1])
    elif doings:
        chain.follow_context(doings[-1].context, home.clock.now(), None)
    else:
        when = made_at(context_id)
        recorded, first = chain.past.doings(context_id, home.clock.now() if when is None else when)
        if first:
            chain.follow(first[-1])
        elif recorded:
            chain.follow_context(recorded[-1].context, recorded[-1].time, None)
    if not chain.steps:
        raise NotFound(f"Nothing is known of the context {context_id} any more.")
    return chain.answer(None)


def _change_to(home: Home, state: State, past: Past) -> Change | None:
    """The change that gave the entity its present value."""
    change = ledger_of(home).last_change(state.entity_id)
    if change is not None and abs(change.time - state.last_changed) < SAME_MOMENT_S:
        return change
    try:
        around = (state.last_changed - SAME_MOMENT_S, state.last_changed + SAME_MOMENT_S)
        change = past.change(state.entity_id, *around)
    except Unavailable:
        change = None
    if change is not None:
        return change
    if state.last_changed == state.last_updated:  # no later change of attributes took the place of its context
        return Change(state.context, state.entity_id, None, state.state, state.last_changed)
    return None


class _Chain:
    """The steps that were found, the newest first."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.past = Past(home)
        self.steps: list[Step] = []
        self.is_complete = False
        self._runs: dict[str, dict[str, str]] | None = None

    def answer(self, entity_id: str | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id, "is_complete": self.is_complete, "steps": self.steps,
            "text": " ← ".join(step["text"] for step in self.steps),
        }  # fmt: skip

    # -- following -----------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> None:
        """A change, and all that it came from."""
        seen: set[str] = set()
        found: Change | None = change
        while found is not None and len(seen) < MAX_CONTEXTS:
            self.add_state(found)
            found = self._before(found.context, found.time, found.entity_id, seen)

    def follow_context(self, context: Context, until: float, entity_id: str | None) -> None:
        seen: set[str] = set()
        found = self._before(context, until, entity_id, seen)
        while found is not None and len(seen) < MAX_CONTEXTS:
            self.add_state(found)
            found = self._before(found.context, found.time, found.entity_id, seen)

    def _before(self, context: Context, until: float, entity_id: str | None, seen: set[str]) -> Change | None:
        """Add what stands between this context and the change before it, which is returned; None: the chain ends."""
        last_run: Doing | None = None
        last_call: Doing | None = None
        while context.id not in seen and len(seen) < MAX_CONTEXTS:
            seen.add(context.id)
            changes, doings = self._known_under(context.id, until)
            call, runs = _relevant(doings, until, entity_id)
            run = runs[-1] if runs else None
            for doing in sorted([*runs, *([] if call is None else [call])], key=_when, reverse=True):
                self.add_doing(doing)
                context = _fuller(context, doing.context)
            last_run, last_call = runs[0] if runs else last_run, call or last_call
            first = next((each for each in changes if each.entity_id != entity_id and each.time <= until), None)
            if run is None and call is None and first is not None and entity_id is not None:
                seen.discard(context.id)
                return first if self._add_once(seen, context.id) else None
            if context.parent_id is None:
                break
            parent = self._context_of(context.parent_id, until, last_run)
            if isinstance(parent, Change):
                return parent
            if parent is None:
                self._trigger(last_run, is_known=False) if last_run is not None else self._unknown()
                return None
            context = parent
            entity_id = None
        self._begin(context, last_run, last_call, entity_id)
        return None

    @staticmethod
    def _add_once(seen: set[str], context_id: str) -> bool:
        if f"first {context_id}" in seen:
            return False
        seen.add(f"first {context_id}")
        return True

    def _known_under(self, context_id: str, until: float) -> tuple[list[Change], list[Doing]]:
        changes, doings = ledger_of(self.home).under((context_id,))
        if not doings and until < ledger_of(self.home).since + TRIGGER_BEFORE_S or not (changes or doings):
            try:
                recorded, first = self.past.doings(context_id, until)
            except Unavailable:
                return changes, doings
            doings, changes = doings or recorded, changes or first
        return changes, doings

    def _context_of(self, context_id: str, until: float, run: Doing | None) -> Context | Change | None:
        """The parent: the change that it was, or its context; None: not kept."""
        changes, doings = ledger_of(self.home).under((context_id,))
        named = _named_in(run)
        if changes and not doings:
            return next((each for each in changes if each.entity_id == named), changes[0])
        if doings:
            return doings[-1].context
        try:
            if named is not None:
                made = made_at(context_id)
                start = until - TRIGGER_BEFORE_S if made is None else made - 1.0
                found = self.past.change(named, start, until + TRIGGER_BEFORE_S, context_id)
                if found is not None:
                    return found
            recorded, first = self.past.doings(context_id, until)
        except Unavailable:
            return None
        if recorded:
            return recorded[-1].context
        return first[0] if first else None

    # -- how a chain begins --------------------------------------------------------------------------------------------

    def _begin(self, context: Context, run: Doing | None, call: Doing | None, entity_id: str | None) -> None:
        if context.user_id is not None:
            self._user(context.user_id)
        elif context.origin is not None:
            self._device(entity_id, context.origin)
        elif run is not None and run.context.id == context.id:
            self._trigger(run)
        elif call is not None and call.context.id == context.id:
            self._home("Marge itself, or a client without a user, called it")
        elif entity_id is not None and self.home.states.owner(entity_id) not in (None, RESTORED):
            self._device(entity_id, None)
        elif entity_id is not None:
            self._home("set by Marge itself or by a client without a user")
        else:
            self._unknown()

    def ends_before_memory(self, state: State) -> None:
        """The value is older than everything that is kept."""
        if self.home.states.owner(state.entity_id) == RESTORED:
            self._home("what was known before the restart; its device has said nothing since")
        else:
            self._unknown()

    def _user(self, user_id: str) -> None:
        auth = self.home.shared.get("auth")
        user = None if auth is None else auth.user(user_id)
        name = None if user is None else user.name
        stand_in = None if auth is None else auth.stand_in(user_id)
        text = name or STAND_INS.get(stand_in or "", "a user who is no more")
        self.is_complete = True
        self.steps.append({"kind": "user", "user_id": user_id, "name": name, "stand_in": stand_in, "text": text})

    def _device(self, entity_id: str | None, topic: str | None) -> None:
        entry = None if entity_id is None else self.home.registries.entities.get(entity_id)
        device = None if entry is None or entry.device_id is None else self.home.registries.devices.get(entry.device_id)
        owner = None if entity_id is None else self.home.states.owner(entity_id)
        is_thing = device is not None and device.entry_type != "service"
        if topic is None and not is_thing and self._is_own(owner):
            self._home(f"worked out by Marge ({owner})", owner)  # a helper, a zone, a person: no device said it
            return
        name = None if device is None else device.name_by_user or device.name
        said = f"said {name or 'the device'}" if topic is None else f"said {name or 'somebody'} on MQTT topic {topic}"
        if topic is None and owner is not None:
            said += f" ({owner})"
        self.is_complete = True
        self.steps.append(
            {
                "kind": "device", "topic": topic, "owner": owner, "device": name,
                "device_id": None if device is None else device.id, "text": said,
            }
        )  # fmt: skip

    def _is_own(self, owner: str | None) -> bool:
        """Whether an owner is a part of Marge that has no devices."""
        host = self.home.shared.get(HOST)
        integration = None if host is None else host.integrations.get(owner)
        return owner in self.home.entities.domains or (integration is not None and integration.kind == "helper")

    def _trigger(self, run: Doing, is_known: bool = True) -> None:
        """The run's trigger is the beginning; not `is_known`: something came before it that is not kept."""
        source = run.data.get("source")
        if not source:
            self._home("started by Marge itself or by a client without a user") if is_known else self._unknown()
            return
        self.is_complete = is_known
        self.steps.append({"kind": "trigger", "source": source, "text": f"triggered by {AMBIENT.get(source, source)}"})

    def _home(self, text: str, owner: str | None = None) -> None:
        self.is_complete = True
        self.steps.append({"kind": "home", "owner": owner, "text": text})

    def _unknown(self) -> None:
        self.steps.append({"kind": "unknown", "text": "what came before is not kept any more"})

    # -- steps ---------------------------------------------------------------------------------------------------------

    def add_state(self, change: Change) -> None:
        name = self._name_of(change.entity_id)
        self.steps.append(
            {
                "kind": "state", "time": change.time, "entity_id": change.entity_id, "name": name,
                "from": change.before, "to": change.after, "context_id": change.context.id,
                "text": f"{change.entity_id} became {change.after} at {self._clock(change.time)}",
            }
        )  # fmt: skip

    def add_doing(self, doing: Doing) -> None:
        step: Step = {"time": doing.time, "context_id": doing.context.id}
        data = doing.data
        if doing.kind == CALL_SERVICE:
            called = f"{data.get('domain')}.{data.get('service')}"
            step |= {
                "kind": "call", "domain": data.get("domain"), "service": data.get("service"),
                "entity_ids": data.get("entity_ids", []), "text": f"{called} was called",
            }  # fmt: skip
        else:
            entity_id = str(data.get("entity_id"))
            kind = "script" if doing.kind == "script_started" else "automation"
            name = data.get("name") or self._name_of(entity_id)
            source = data.get("source")
            step |= {
                "kind": "run", "entity_id": entity_id, "name": name, "source": source,
                "trace": self._trace_of(doing.context.id, entity_id),
                "text": f"{kind} '{name}' ran" + (f", triggered by {AMBIENT.get(source, source)}" if source else ""),
            }  # fmt: skip
        self.steps.append(step)

    def _trace_of(self, context_id: str, entity_id: str) -> dict[str, str] | None:
        if self._runs is None:
            self._runs = ensure_traces(self.home).contexts(None, None)
        found = self._runs.get(context_id)
        return found if found is not None and found["domain"] == entity_id.partition(".")[0] else None

    def _name_of(self, entity_id: str) -> str:
        state = self.home.states.get(entity_id)
        return entity_id if state is None else state.name

    def _clock(self, when: float) -> str:
        return dt.from_epoch(when).astimezone(self.home.config.time_zone).strftime("%Y-%m-%d %H:%M:%S")


def _when(doing: Doing) -> float:
    return doing.time


def _relevant(doings: list[Doing], until: float, entity_id: str | None) -> tuple[Doing | None, list[Doing]]:
    """Of what happened under one context before `until`: the call that touched the entity, and the runs."""
    before = [each for each in doings if each.time <= until + SAME_MOMENT_S]
    calls = [each for each in before if each.kind == CALL_SERVICE]
    runs = [each for each in before if each.kind != CALL_SERVICE and each.data.get("entity_id") != entity_id]
    named = [each for each in calls if entity_id is not None and entity_id in each.data.get("entity_ids", ())]
    touched = named or calls
    call = touched[-1] if touched else None
    return call, runs[-MAX_RUNS:]


def _fuller(context: Context, other: Context) -> Context:
    """The one that knows more of where it came from."""
    if context.parent_id is None and context.user_id is None and context.id == other.id:
        return Context(other.id, other.parent_id, other.user_id, context.origin)
    return context


def _named_in(run: Doing | None) -> str | None:
    """The entity whose state triggered the run."""
    source = None if run is None else run.data.get("source")
    return source.removeprefix(STATE_OF) if isinstance(source, str) and source.startswith(STATE_OF) else None
