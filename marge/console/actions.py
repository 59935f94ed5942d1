"""What an operator may do to an actor or a dead letter. Every attempt is written to the audit log.

Runs in the asker's greenlet: it may wait.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.actors import Restart, Supervisor
from marge.actors.inspect import child_of, figures, set_tracing
from marge.actors.runtime import PAUSED, RUNNING
from marge.console.vital import refusal
from marge.errors import InvalidRequest, MargeError, NotFound
from marge.log import LEVELS, get_level, set_level

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.console.audit import Audit
    from marge.home import Home

log = structlog.get_logger("marge.console")

ACTIONS = ("restart", "stop", "start", "pause", "resume", "drain", "trace", "log_level")
LEVEL_WORDS = ("debug", "info", "warning", "error")
SECONDS = {"pause": 300.0, "trace": 60.0, "log_level": 600.0}
MAX_SECONDS = 3_600.0
MAX_LEVELS = 100
BRIDGES = "marge.bridges."


class Who(NamedTuple):
    """Who acts: a user, and from where."""

    user_id: str | None
    name: str
    remote: str | None = None


class Level(NamedTuple):
    """A level that was set for a while: what it was before, and what puts it back."""

    before: int
    timer: Timer
    until: float


class Actions:
    """Does what operators want. One a home.

    Attributes:
        paused: until when (UTC epoch s) which paths are paused.
    """

    def __init__(self, home: Home, audit: Audit) -> None:
        self.paused: dict[str, float] = {}
        self._home = home
        self._system = home.system
        self._audit = audit
        self._levels: dict[str, Level] = {}

    def act(self, who: Who, path: str, action: str, seconds: float | None = None, level: str | None = None) -> str:
        """Do it; what was done, in a sentence.

        Raises:
            InvalidRequest: it is refused, and why.
            NotFound: nobody lives there.
        """

        path = clean(path)

        def do() -> str:
            for_s = min(SECONDS.get(action, 0.0) if seconds is None else seconds, MAX_SECONDS)
            match action:
                case "restart" | "start":
                    return self._start(path, action)
                case "stop":
                    return self._stop(path)
                case "pause":
                    return self._pause(path, for_s)
                case "resume":
                    return self._resume(path)
                case "drain":
                    return self._drain(path)
                case "trace":
                    return self._trace(path, for_s)
                case "log_level":
                    return self._log_level(path, level, for_s)
            raise InvalidRequest(f"An actor cannot be told to {action}; it can: {', '.join(ACTIONS)}.")

        return self._audited(who, path, action, do)

    def _audited(self, who: Who, path: str, action: str, do: Callable[[], str]) -> str:
        try:
            text = do()
        except Exception as exc:
            told = str(exc) if isinstance(exc, MargeError) else type(exc).__name__
            self._audit.note(who.user_id, who.name, action, path, told, False, who.remote)
            raise
        self._audit.note(who.user_id, who.name, action, path, text, True, who.remote)
        return text

    # -- one actor -----------------------------------------------------------------------------------------------------

    def _start(self, path: str, action: str) -> str:
        figures(self._system, path)  # NotFound when there never was one
        actor = self._system.actor(path)
        child = child_of(self._system, path)
        if child is not None and child.spec.restart is Restart.TEMPORARY:
            raise InvalidRequest(f"{path} cannot be restarted: it lives once. It can be stopped.")
        if action == "start" and actor is not None:
            raise InvalidRequest(f"{path} runs already.")
        if not self._system.restart(path):
            raise InvalidRequest(f"{path} cannot be restarted: no supervisor looks after it.")
        self.paused.pop(path, None)
        return "It is starting." if actor is None else "It is restarting."

    def _stop(self, path: str) -> str:
        self._check(path, "stop")
        if not self._system.hold(path):
            raise InvalidRequest(f"{path} cannot be stopped: no supervisor looks after it.")
        self.paused.pop(path, None)
        return "It stops, and stays stopped until it is started."

    def _pause(self, path: str, for_s: float) -> str:
        self._check(path, "pause")
        if not self._system.pause(path):
            raise InvalidRequest(f"{path} cannot be paused: it does not run now.")
        until = self._home.clock.now() + for_s
        self.paused[path] = until
        self._home.clock.after(for_s, lambda _message: self._pause_over(path, until))
        return f"Its messages wait for {for_s:g} s, or until it is resumed."

    def _pause_over(self, path: str, until: float) -> None:
        if self.paused.get(path) == until:
            del self.paused[path]
            self._system.resume(path)

    def _resume(self, path: str) -> str:
        self._actor(path)
        self.paused.pop(path, None)
        if not self._system.resume(path):
            raise InvalidRequest(f"{path} is not paused.")
        return "It goes on."

    def _drain(self, path: str) -> str:
        self._check(path, "drain")
        count = self._system.drain(path)
        return f"{count} waiting message{'' if count == 1 else 's'} went to the dead letters."

    def _trace(self, path: str, for_s: float) -> str:
        set_tracing(self._system, path, for_s > 0, for_s or None)
        return f"Its messages are kept for {for_s:g} s." if for_s else "Its messages are kept no more."

    def _log_level(self, path: str, level: str | None, for_s: float) -> str:
        if level not in LEVEL_WORDS:
            raise InvalidRequest(f"level must be one of {', '.join(LEVEL_WORDS)}.")
        name = logger_of(self._class_of(path))
        before = self._levels.pop(name, None)
        if before is not None:
            before.timer.cancel()
        elif len(self._levels) >= MAX_LEVELS:
            raise InvalidRequest(f"{MAX_LEVELS} loggers have a level for a while already.")
        level_before = get_level(name) if before is None else before.before
        set_level(name, level)
        timer = self._home.clock.after(for_s, lambda _message: self._level_over(name))
        self._levels[name] = Level(level_before, timer, self._home.clock.now() + for_s)
        return f"The logger {name} says {level} for {for_s:g} s."

    def _level_over(self, name: str) -> None:
        kept = self._levels.pop(name, None)
        if kept is not None:
            set_level(name, next((word for word, number in LEVELS.items() if number == kept.before), "info"))

    def level_of(self, path: str) -> dict[str, Any]:
        """The logger of the actor's class, its level, and until when it has it."""
        name = logger_of(self._class_of(path))
        kept = self._levels.get(name)
        number = get_level(name)
        word = next((word for word, value in LEVELS.items() if value == number), str(number))
        return {"name": name, "level": word, "until": None if kept is None else kept.until}

    def _class_of(self, path: str) -> type:
        actor = self._system.actor(path)
        if actor is not None:
            return type(actor)
        child = child_of(self._system, path)
        if child is None:
            raise NotFound(f"no actor at {path}")
        return child.spec.actor_class

    def _check(self, path: str, action: str) -> None:
        reason = refusal(self._system, path, action)
        if reason is not None:
            raise InvalidRequest(reason)
        if action == "stop":
            figures(self._system, path)
        else:
            self._actor(path)

    def _actor(self, path: str) -> None:
        if self._system.actor(path) is None:
            raise NotFound(f"no actor at {path}")

    # -- dead letters --------------------------------------------------------------------------------------------------

    def resend(self, who: Who, number: int) -> str:
        """Send a dead letter again, to whom it was meant for.

        Raises:
            NotFound: it is not kept any more.
            InvalidRequest: its receiver does not live, or it was too large to be kept.
        """
        letters = self._system.dead_letters
        letter = letters.letter(number)
        path = f"letter {number}" if letter is None else letter.path

        def do() -> str:
            if letter is None:
                raise NotFound(f"The dead letter {number} is not kept any more.")
            if letter.original is None:
                raise InvalidRequest("It was too large to be kept; only its text is.")
            receiver = self._system.actor(letter.path)
            if receiver is None or receiver._status not in (RUNNING, PAUSED):
                raise InvalidRequest(f"{letter.path} does not run; start it first.")
            if isinstance(receiver, Supervisor):
                raise InvalidRequest(f"{letter.path} looks after others; what it missed is over.")
            if not self._system.tell(letter.path, letter.original):
                raise InvalidRequest(f"{letter.path} did not take it; it is a dead letter again.")
            letters.forget(number)
            return f"{letter.kind} was sent again."

        return self._audited(who, path, "resend", do)

    def clear_letters(self, who: Who) -> str:
        """Throw the kept dead letters away."""

        def do() -> str:
            count = self._system.dead_letters.clear()
            return f"{count} dead letter{'' if count == 1 else 's'} thrown away."

        return self._audited(who, "dead letters", "clear", do)


def clean(path: str) -> str:
    """A path as the directory has it, so that `//http` or `http` is nobody else than `/http`.

    Raises:
        InvalidRequest: it is none.
    """
    found = "/" + path.strip("/")
    if "//" in found:
        raise InvalidRequest(f"{path} is no path of an actor.")
    return found


def logger_of(actor_class: type) -> str:
    """The name under which the class's module logs."""
    kind = getattr(actor_class, "kind", None)
    if isinstance(kind, str) and actor_class.__module__.startswith(BRIDGES):
        return f"{BRIDGES}{kind}"
    module = sys.modules.get(actor_class.__module__)
    logger = getattr(module, "log", None)
    arguments = getattr(logger, "_logger_factory_args", None) or ()
    name = arguments[0] if arguments else None
    return name if isinstance(name, str) else actor_class.__module__
