"""The sandboxed jinja2 environment: what is safe and what is counted. The language's functions are elsewhere."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from jinja2 import BaseLoader, TemplateNotFound, nodes, pass_context
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import _PassArg
from markupsafe import Markup

from marge.templating.budget import (
    CONTAINERS,
    MAX_OUTPUT,
    Ticked,
    charge,
    checked,
    consumable,
    current,
    ticked,
    too_long,
    weight,
)
from marge.templating.codegen import BudgetCodeGenerator, tick_loops
from marge.templating.errors import TemplateTooBig
from marge.templating.operators import (
    BINARY,
    INTERCEPTED,
    BoundedEscapeFormatter,
    BoundedFormatter,
    guard_method,
    text_of,
)
from marge.templating.states import AllStates, DomainStates, TemplateState
from marge.templating.undefined import LoggingUndefined, Strict

_OF_DOMAINS = frozenset({AllStates, DomainStates})
_ASKED_BY_JINJA = frozenset({"jinja_pass_arg", "unsafe_callable", "alters_data"})
_OF_STATES = frozenset(name for name, each in vars(TemplateState).items() if isinstance(each, property))
MAX_CODE = 2**18  # characters of Python that a template may become
_FEW = 16  # parts of an output that are made before their size is looked at; each has its own limit
# Filters whose first argument is run over by code that does not pay by itself.
CONSUMERS = frozenset({"list", "first", "last", "batch", "slice", "reverse", "length", "count", "dictsort", "items"})
# Those that turn whatever they get into text.
OF_TEXTS = frozenset({"capitalize", "lower", "trim", "upper"})
# Those that do nothing but iterate over it.
LAZY_CONSUMERS = frozenset({
    "sum", "sort", "min", "max", "unique", "groupby", "map", "select", "reject", "selectattr", "rejectattr"
})


class CustomTemplates(BaseLoader):
    """The home's own macro files, by path below `custom_templates`. Replaced as a whole when they are reloaded."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}

    def get_source(self, environment: Any, template: str) -> tuple[str, str | None, Callable[[], bool]]:
        source = self.sources.get(template)
        if source is None:
            raise TemplateNotFound(template)
        return source, template, lambda: self.sources.get(template) is source


def _finalize(_context: Context, value: Any) -> str:
    """Every `{{ … }}` ends here as text."""
    if type(value) is str:
        return value
    render = current()
    if render is not None:
        render.charge()
        render.outputs += 1
        render.only_value = value
    return text_of(value)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """jinja2 with a sandbox, budgets and Home Assistant's idea of unknown names."""

    code_generator_class = BudgetCodeGenerator
    intercepted_binops = INTERCEPTED

    def __init__(self, loader: CustomTemplates, strict: bool) -> None:
        super().__init__(
            extensions=["jinja2.ext.loopcontrols"],
            undefined=Strict if strict else LoggingUndefined,
            loader=loader,
            # Folding at compile time would run filters and tests outside any budget and freeze what they read.
            optimized=False,
            finalize=pass_context(_finalize),
            cache_size=100,
        )
        self.binop_table = dict(BINARY)
        self.plain: frozenset[Any] = frozenset()
        self.concat = self._concat  # type: ignore[method-assign]

    def know_functions(self) -> None:
        """The global functions are complete: those that want nothing but their arguments need not be asked again."""
        functions = [each for each in self.globals.values() if type(each) is types.FunctionType]
        self.plain = frozenset(
            each for each in functions if self.is_safe_callable(each) and _PassArg.from_obj(each) is None
        )

    # What may be touched.

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, (AllStates, DomainStates, TemplateState)) or super().is_safe_callable(obj)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, (Macro, LoopContext, types.GeneratorType)) and attr.startswith(("gi_", "_")):
            return False
        return super().is_safe_attribute(obj, attr, value)

    # What is counted.

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        charge()
        kind = type(__obj)
        if kind is AllStates or (kind is types.FunctionType and __obj in __self.plain):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return checked(__obj(*args, **kwargs))
        if kind is types.BuiltinMethodType:
            args = guard_method(__obj, args, kwargs)
        elif __obj is dict and args and not hasattr(args[0], "keys"):
            args = (iter(ticked(args[0])), *args[1:])
        elif isinstance(__obj, LoopContext) and args:
            args = (Ticked(args[0]), *args[1:])
        return checked(super().call(__context, __obj, *args, **kwargs))

    def getattr(self, obj: Any, attribute: str) -> Any:
        # The sandbox's questions are 2.7 µs for each attribute; the answers for these are known beforehand.
        if attribute in _OF_STATES and isinstance(obj, TemplateState):
            return getattr(obj, attribute)
        if type(obj) in _OF_DOMAINS and not attribute.startswith("_") and attribute not in _ASKED_BY_JINJA:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        # Attributes of filters (`sort(attribute=…)`) are read here, out of sight of any loop.
        charge()
        return super().getitem(obj, argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return BINARY[operator](left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        if not isinstance(value, (types.MethodType, types.BuiltinMethodType)):
            return None
        if value.__name__ not in ("format", "format_map") or not isinstance(value.__self__, str):
            return None
        return _bounded_format(self, value.__self__, value)

    def tilde(self, context: Context, parts: Iterable[Any]) -> str:
        """`a ~ b ~ c`."""
        if context.eval_ctx.autoescape:
            escaped = [part if isinstance(part, Markup) else Markup.escape(text_of(part)) for part in parts]
            too_long(sum(map(len, escaped)))
            return Markup("").join(escaped)
        texts = [text_of(part) for part in parts]
        size = sum(map(len, texts))
        too_long(size)
        if size > 10_000:
            charge()
        return "".join(texts)

    def weighed(self, value: Any) -> Any:
        """A list, tuple or mapping that a template wrote out."""
        weight(value)
        return value

    def _concat(self, parts: Iterable[str]) -> str:
        """What blocks, macros and the template itself have put out, as one text."""
        if not isinstance(parts, list):
            parts = bounded_list(parts)
        else:
            output_size(sum(map(len, parts)))
        return "".join(parts)

    def _generate(self, source: nodes.Template, name: Any, filename: Any, defer_init: bool = False) -> str:
        tick_loops(source)
        return super()._generate(source, name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> types.CodeType:
        # Python compiles in one call, during which nothing else runs.
        if len(source) > MAX_CODE:
            raise TemplateTooBig("The template has too many parts")
        return super()._compile(source, filename)

    def guard(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter or test that pays for itself and whose result is checked."""
        position = 1 if _PassArg.from_obj(function) is not None else 0
        lazily = name in LAZY_CONSUMERS
        of_texts = name in OF_TEXTS
        consumes = lazily or name in CONSUMERS

        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            charge()
            if consumes and len(args) > position:
                args = (*args[:position], consumable(args[position], lazily), *args[position + 1 :])
            elif of_texts and len(args) > position and type(args[position]) in CONTAINERS:
                args = (*args[:position], text_of(args[position]), *args[position + 1 :])
            return checked(function(*args, **kwargs))

        return guarded


def bounded_list(parts: Iterable[str]) -> list[str]:
    """The parts of an output, as long as they stay within the limit."""
    collected: list[str] = []
    size = 0
    rest = iter(parts)
    while some := list(islice(rest, _FEW)):  # added up in C
        size += sum(map(len, some))
        if size > MAX_OUTPUT:
            output_size(size)
        collected += some
    return collected


def output_size(size: int) -> None:
    """Refuse an output that is too long.

    Raises:
        TemplateTooBig: with Home Assistant's text.
    """
    if size > MAX_OUTPUT:
        raise TemplateTooBig(f"Template output exceeded maximum size of {MAX_OUTPUT} characters")


def _bounded_format(environment: TemplateEnvironment, text: str, method: Any) -> Callable[..., str]:
    is_map = method.__name__ == "format_map"

    def wrapper(*args: Any, **kwargs: Any) -> str:
        charge()
        if is_map:
            if kwargs:
                raise TypeError("format_map() takes no keyword arguments")
            if len(args) != 1:
                raise TypeError(f"format_map() takes exactly one argument ({len(args)} given)")
            kwargs, args = args[0], ()
        if isinstance(text, Markup):
            escaper = BoundedEscapeFormatter(environment, escape=text.escape)
            return Markup(escaper.vformat(text, args, kwargs))
        return BoundedFormatter(environment).vformat(text, args, kwargs)

    return functools.update_wrapper(wrapper, method)
