"""The list of names that templates may use, and the helpers that all themes share."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, NoReturn

from marge.templating.budget import current
from marge.templating.errors import TemplateError
from marge.templating.operators import text_of
from marge.templating.sources import HomeFacts, RegistryReader, StateReader
from marge.templating.states import AllStates, View


def _unbound(method: MethodType) -> Callable[..., Any]:
    """A plain function in place of a method, so that it may be named and shows nothing of its owner."""

    def function(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    return function


class Missing:
    """Type of `MISSING`: the caller gave no default."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = Missing()


class Book:
    """Names by kind. `home` names read the home's state and are refused in limited templates."""

    def __init__(self) -> None:
        self.globals: dict[str, Any] = {}
        self.filters: dict[str, Callable[..., Any]] = {}
        self.tests: dict[str, Callable[..., Any]] = {}
        self.home: set[str] = set()

    def add(
        self,
        name: str,
        function: Callable[..., Any],
        kinds: str = "gf",
        *,
        home: bool = False,
        shown: str | None = None,
    ) -> None:
        """Give a function a name.

        Args:
            kinds: any of g (global), f (filter), t (test).
            home: it reads states or registries.
            shown: the name in messages, when not the same.
        """
        if isinstance(function, MethodType):
            function = _unbound(function)
        known = getattr(function, "__qualname__", "")
        if shown or "<locals>" in known or (known.startswith("_") and not known.startswith("_to_")):
            function.__name__ = function.__qualname__ = shown or name
        if "g" in kinds:
            self.globals[name] = function
        if "f" in kinds:
            self.filters[name] = function
        if "t" in kinds:
            self.tests[name] = function
        if home:
            self.home.add(name)


class HomeView:
    """What functions that read the home get: snapshots, facts and the clock."""

    def __init__(
        self,
        states: StateReader,
        registries: RegistryReader,
        facts: Callable[[], HomeFacts],
        now: Callable[[], float],
        view: View,
    ) -> None:
        self.states = states
        self.registries = registries
        self.facts = facts
        self.now = now
        self.view = view
        self.all_states = AllStates(view)


def raise_no_default(function: str, value: Any) -> NoReturn:
    """Fail as HA does when a conversion has neither a result nor a default."""
    render = current()
    source = render.source if render is not None else ""
    raise ValueError(
        f"Template error: {function} got invalid input '{text_of(value)}' when rendering template '{source}' "
        "but no default was specified"
    )


def or_default(function: str, value: Any, default: Any) -> Any:
    """The default, or HA's error when none was given."""
    if default is MISSING:
        raise_no_default(function, value)
    return default


def limited(name: str) -> Callable[..., Any]:
    """What stands for a home function in a limited template."""

    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise TemplateError(f"TemplateError: Use of '{name}' is not supported in limited templates")

    return refuse
