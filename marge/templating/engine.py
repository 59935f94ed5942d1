"""The engine: compiles templates once, renders them within a budget, says what they depended on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Literal

import gevent
from gevent.lock import Semaphore
from jinja2 import Template
from jinja2 import TemplateError as JinjaError
from jinja2 import filters as jinja_filters
from jinja2 import tests as jinja_tests
from jinja2.runtime import Context

from marge.templating import budget
from marge.templating.constants import Constant, names_of_constant
from marge.templating.environment import CustomTemplates, TemplateEnvironment, bounded_list
from marge.templating.errors import TemplateError, TemplateTimeout, TemplateTooBig, describe
from marge.templating.functions import (
    collections,
    convert,
    encoding,
    entities,
    geo,
    logic,
    numbers,
    regex,
    registry,
    texts,
    times,
)
from marge.templating.functions.book import Book, HomeView
from marge.templating.functions.book import limited as limited_function
from marge.templating.info import RenderInfo
from marge.templating.operators import text_of
from marge.templating.presentation import presenter
from marge.templating.results import native_copy, parse_result
from marge.templating.sources import HomeFacts, RegistryReader, StateReader
from marge.templating.states import TemplateState, View
from marge.util.breathe import Turns

DEFAULT_BUDGET_S = 5.0
CACHED_TEMPLATES = 2000
CACHED_CHARACTERS = 2**22
COMPILE_ASIDE = 4000  # characters from which compiling is left to a native thread
CONSTANT = 1000  # characters up to which a template may count as constant
DIRECT = 4000  # characters of a result from which its value is taken rather than read
_Key = tuple[str, bool, bool]  # source, limited, strict
_THEMES = (convert, numbers, encoding, logic, collections, times, regex, texts, entities, registry, geo)


def _made(environment: TemplateEnvironment, source: str) -> Template | TemplateError:
    """The compiled template, or the error. Raises nothing.

    gevent would copy the traceback of what is raised in its native threads; that of a deeply nested template is
    too deep for it, and the waiting greenlet would never be told.
    """
    try:
        return environment.from_string(source)
    except (JinjaError, SyntaxError, ValueError, OverflowError, RecursionError, MemoryError, TypeError) as error:
        return TemplateError(describe(error))
    except TemplateError as error:
        return error.with_traceback(None)


def _native(text: str, render: budget.Render) -> Any:
    """The value of a rendered text. A long one that is a single list or mapping is taken from it, not from its text."""
    if len(text) > DIRECT and render.outputs == 1 and text[-1] in "])}":
        try:
            if text == text_of(render.only_value):
                return native_copy(render.only_value)
        except ValueError:
            pass
    return parse_result(text)


def is_template(text: Any) -> bool:
    """Whether a text has anything to render in it."""
    return isinstance(text, str) and "{" in text and ("{{" in text or "{%" in text or "{#" in text)


class TemplateEngine:
    """Renders templates over snapshots of the home. Used from the hub only; keeps no state of a render between calls.

    Args:
        states, registries: what templates read.
        config: the home's place, time zone and unit system; read anew at each use.
        now: the home's clock, epoch seconds.
    """

    def __init__(
        self, states: StateReader, registries: RegistryReader, config: HomeFacts, now: Callable[[], float]
    ) -> None:
        self.config = config
        self._view = view = View(states, lambda: self.config.time_zone, presenter(registries))
        self._home = HomeView(states, registries, lambda: self.config, now, view)
        self._book = Book()
        for theme in _THEMES:
            theme.install(self._book, self._home)
        self._custom = CustomTemplates()
        self._environments: dict[tuple[bool, bool], TemplateEnvironment] = {}
        self._compiled: OrderedDict[_Key, Template] = OrderedDict()
        self._constants: dict[_Key, Constant | Literal[False]] = {}  # False: it was looked at, and is none
        self._rendered_once: set[_Key] = set()
        self._characters = 0
        self._turns = Turns()
        self._compiling = Semaphore()

    def render(
        self,
        source: str,
        variables: Mapping[str, Any] | None = None,
        *,
        parse_result: bool = True,
        limited: bool = False,
        strict: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
        may_yield: bool = True,
    ) -> Any:
        """The value of a template: a native value, or its text with `parse_result=False`.

        Args:
            limited: refuse what reads the home (for texts that are rendered while loading the configuration).
            strict: unknown names are errors.
            budget_s: seconds it may take; on the shared dispatcher no more than 0.05.
            may_yield: let other greenlets run in between when it takes long. Must be False on the shared dispatcher.

        Raises:
            TemplateError: with HA's text; `TemplateTimeout` and `TemplateTooBig` when it went over its budget.
        """
        info = RenderInfo()
        return self._render(source, variables, info, parse_result, limited, strict, budget_s, may_yield)

    def render_text(self, source: str, variables: Mapping[str, Any] | None = None, **options: Any) -> str:
        """The text of a template, as REST shows it. Options as for `render`."""
        return str(self.render(source, variables, parse_result=False, **options))

    def render_info(
        self,
        source: str,
        variables: Mapping[str, Any] | None = None,
        *,
        parse_result: bool = True,
        limited: bool = False,
        strict: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
        may_yield: bool = True,
    ) -> RenderInfo:
        """Render and say what it depended on; a failure is in `error`, nothing is raised."""
        info = RenderInfo()
        try:
            info.result = self._render(
                source, variables, info, parse_result, limited, strict, budget_s, may_yield
            )
        except TemplateError as error:
            info.error = str(error)
        return info

    def state_object(self, entity_id: str) -> TemplateState:
        """A state for the variables of a render (`this`): what looks into it depends on the entity."""
        return self._view.now_of(entity_id)

    def compile_check(self, source: str, *, limited: bool = False) -> None:
        """Make sure that a template can be compiled.

        Raises:
            TemplateError: its syntax is wrong, or a filter or test is unknown.
        """
        if is_template(source):
            self._compile(source.strip(), limited, False, may_yield=True)

    def render_complex(self, value: Any, variables: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """The value with every template inside rendered: texts, and texts in lists and mappings (keys too).

        Raises:
            TemplateError: one of them failed.
        """
        if isinstance(value, str):
            return self.render(value, variables, **options) if is_template(value) else value
        if isinstance(value, Mapping):
            return {
                self.render_complex(key, variables, **options): self.render_complex(item, variables, **options)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.render_complex(item, variables, **options) for item in value]
        return value

    def load_custom_templates(self, sources: Mapping[str, str]) -> None:
        """Replace the macro files (`{% from 'tools.jinja' import … %}`), path below `custom_templates` to text."""
        self._custom.sources = dict(sources)
        for environment in self._environments.values():
            if environment.cache is not None:
                environment.cache.clear()
        self._compiled.clear()
        self._constants.clear()
        self._characters = 0

    def _render(
        self,
        source: str,
        variables: Mapping[str, Any] | None,
        info: RenderInfo,
        parse: bool,
        limited: bool,
        strict: bool,
        budget_s: float,
        may_yield: bool,
    ) -> Any:
        stripped = source.strip()
        if not is_template(stripped):
            if len(stripped) > budget.MAX_OUTPUT:
                raise TemplateTooBig(
                    f"Template output exceeded maximum size of {budget.MAX_OUTPUT} characters"
                )
            return stripped
        key = (stripped, limited, strict)
        constant = self._constants.get(key)
        if constant and (not variables or constant.names.isdisjoint(variables)):
            self._compiled.move_to_end(key)
            return constant.value() if parse else constant.text
        render = budget.Render(stripped, info, budget_s, self._turns if may_yield else None)
        token = budget.begin(render)
        try:
            template = self._compile(stripped, limited, strict, may_yield)
            # Not `new_context`, which copies all global names through a chain of mappings at each render.
            names = template.environment.globals
            context = Context(
                template.environment, {**names, **variables} if variables else names, template.name, template.blocks
            )
            text = "".join(bounded_list(template.root_render_func(context))).strip()
            if constant is None and info.is_empty and len(stripped) <= CONSTANT:
                self._note_constant(key, template, text, render)
            return _native(text, render) if parse else text
        except TemplateTimeout as error:
            render.log("ERROR", str(error))
            raise
        except TemplateError as error:
            render.log("ERROR", str(error))
            raise
        except Exception as error:  # noqa: BLE001 - a template may raise anything; callers get one kind
            text = describe(error)
            render.log("ERROR", text)
            raise TemplateError(text) from error
        finally:
            budget.end(token)

    def _note_constant(self, key: _Key, template: Template, text: str, render: budget.Render) -> None:
        """A template has looked at nothing. The second time, find out whether that is so each time."""
        if key not in self._rendered_once:
            if len(self._rendered_once) >= CACHED_TEMPLATES:
                self._rendered_once.clear()
            self._rendered_once.add(key)
            return
        self._rendered_once.discard(key)
        names = names_of_constant(template.environment.parse(key[0]))
        if names is None or len(text) > DIRECT or key not in self._compiled:
            self._constants[key] = False
        else:
            self._constants[key] = Constant(names, text, _native(text, render))

    def _compile(self, source: str, limited: bool, strict: bool, may_yield: bool) -> Template:
        """The compiled template, from the cache when it was compiled before."""
        key = (source, limited, strict)
        compiled = self._compiled.get(key)
        if compiled is not None:
            self._compiled.move_to_end(key)
            return compiled
        if len(source) > budget.MAX_SOURCE:
            raise TemplateTooBig(f"A template may have {budget.MAX_SOURCE} characters")
        environment = self._environment(limited, strict)
        if len(source) > COMPILE_ASIDE and may_yield:
            with self._compiling:  # one at a time: each further thread takes its share from the hub
                made = gevent.get_hub().threadpool.apply(_made, (environment, source))
        else:
            made = _made(environment, source)
        if isinstance(made, TemplateError):
            raise made
        if key not in self._compiled:  # while this one was compiled aside, another greenlet may have done it too
            self._characters += len(source)
        compiled = self._compiled[key] = made
        while len(self._compiled) > CACHED_TEMPLATES or (
            self._characters > CACHED_CHARACTERS and len(self._compiled) > 1
        ):
            old, _ = self._compiled.popitem(last=False)
            self._constants.pop(old, None)
            self._characters -= len(old[0])
        return compiled

    def _environment(self, limited: bool, strict: bool) -> TemplateEnvironment:
        found = self._environments.get((limited, strict))
        if found is not None:
            return found
        environment = TemplateEnvironment(self._custom, strict)
        book = self._book
        environment.filters = {**jinja_filters.FILTERS, **book.filters}
        environment.tests = {**jinja_tests.TESTS, **book.tests}
        environment.globals.update(book.globals)
        if limited:
            for name in book.home:
                for kind in (environment.globals, environment.filters, environment.tests):
                    if name in kind:
                        kind[name] = limited_function(name)
        for names in (environment.filters, environment.tests):
            for name, each in list(names.items()):
                names[name] = environment.guard(name, each)
        environment.filters["_ticked"] = budget.ticked
        environment.know_functions()
        self._environments[(limited, strict)] = environment
        return environment
