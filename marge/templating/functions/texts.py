"""jinja2's own filters and globals that can enlarge a text, with their size bounded beforehand."""

from __future__ import annotations

from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment, pass_eval_context
from jinja2.utils import _PassArg, generate_lorem_ipsum
from markupsafe import Markup

from marge.templating.budget import MAX_STRING, charge, ticked, too_long, weight
from marge.templating.functions.book import Book, HomeView
from marge.templating.operators import percent_format, replacement_size, text_of

MAX_FANCY = 2**14  # characters for filters whose work grows faster than their input


def _size(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _center(value: str, width: int = 80) -> str:
    too_long(_size(width))
    return jinja_filters.do_center(value, width)


@pass_environment
def _format(_environment: Any, value: Any, *args: Any, **kwargs: Any) -> str:
    if args and kwargs:
        raise jinja_filters.FilterArgumentError("can't handle positional and keyword arguments at the same time")
    return percent_format(text_of(value), kwargs or args)


@pass_eval_context
def _replace(eval_ctx: Any, s: Any, old: str, new: str, count: int | None = None) -> str:
    text = text_of(s)
    replacement_size(text, text_of(old), text_of(new))
    return jinja_filters.do_replace(eval_ctx, s if isinstance(s, Markup) else text, old, new, count)


@pass_eval_context
def _join(eval_ctx: Any, value: Any, d: Any = "", attribute: Any = None) -> str:
    environment = eval_ctx.environment
    items = ticked(value)
    if attribute is not None:
        items = map(jinja_filters.make_attrgetter(environment, attribute), items)
    if eval_ctx.autoescape:
        return jinja_filters.sync_do_join(eval_ctx, bounded_texts(items, d), d)
    return str(d).join(bounded_texts(items, d))


def bounded_texts(items: Any, separator: Any) -> list[Any]:
    """The items as texts, as long as all of them together stay within the limit."""
    texts: list[Any] = []
    size, between = 0, len(str(separator))
    for item in items:
        text = item if isinstance(item, Markup) or hasattr(item, "__html__") else text_of(item)
        size += len(text) + between
        if size > MAX_STRING + between:
            too_long(size - between)
        texts.append(text)
    return texts


def _indent(s: Any, width: Any = 4, first: bool = False, blank: bool = False) -> str:
    per_line = len(width) if isinstance(width, str) else _size(width)
    text = text_of(s)
    too_long(len(text) + (text.count("\n") + 1) * per_line)
    return jinja_filters.do_indent(s, width, first, blank)


@pass_environment
def _wordwrap(environment: Any, s: Any, width: int = 79, *args: Any, **kwargs: Any) -> str:
    text = text_of(s)
    too_long(len(text), MAX_FANCY)
    breaks = [arg for arg in (*args, *kwargs.values()) if isinstance(arg, str)]
    too_long(len(text) * (1 + sum(map(len, breaks))))
    return jinja_filters.do_wordwrap(environment, text, width, *args, **kwargs)


def _pieces(value: Any, count: Any) -> Any:
    too_long(_size(count), 100_000)
    return value


def _batch(value: Any, linecount: int, fill_with: Any = None) -> Any:
    return jinja_filters.do_batch(_pieces(value, linecount), linecount, fill_with)


def _slice(value: Any, slices: int, fill_with: Any = None) -> Any:
    return jinja_filters.sync_do_slice(_pieces(value, slices), slices, fill_with)


def _small(function: Any, limit: int = MAX_FANCY) -> Any:
    """A filter whose work grows faster than its input: only for texts of moderate size."""

    def filtered(eval_ctx: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        too_long(weight(value), limit)
        too_long(sum(map(weight, args)) + sum(map(weight, kwargs.values())), limit)
        return function(eval_ctx, value, *args, **kwargs)

    def plain(value: Any, *args: Any, **kwargs: Any) -> Any:
        too_long(weight(value), limit)
        return function(value, *args, **kwargs)

    takes_context = _PassArg.from_obj(function) is _PassArg.eval_context
    return pass_eval_context(filtered) if takes_context else plain


def _lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:
    too_long(_size(n) * _size(max), 5_000)
    charge()
    return generate_lorem_ipsum(n, html, min, max)


def _string(value: Any) -> str:
    return value if isinstance(value, Markup) else text_of(value)


def _escape(value: Any) -> Markup:
    text = value if hasattr(value, "__html__") else text_of(value)
    if isinstance(text, str):
        too_long(len(text), MAX_STRING // 5)
    return Markup.escape(text)


def _force_escape(value: Any) -> Markup:
    return _escape(str(value.__html__()) if hasattr(value, "__html__") else value)


def install(book: Book, _home: HomeView) -> None:
    for name, function in (
        ("center", _center), ("format", _format), ("replace", _replace), ("join", _join), ("indent", _indent),
        ("wordwrap", _wordwrap), ("batch", _batch), ("slice", _slice), ("string", _string), ("e", _escape),
        ("escape", _escape), ("forceescape", _force_escape),
    ):
        book.add(name, function, "f", shown=f"do_{name}")
    for name in ("urlize", "striptags", "xmlattr", "pprint", "tojson", "wordcount", "title", "urlencode"):
        limit = {"tojson": 2**19, "urlencode": 2**17, "urlize": MAX_FANCY, "pprint": MAX_FANCY}.get(name, 2**16)
        book.filters[name] = _small(jinja_filters.FILTERS[name], limit)
    book.add("lipsum", _lipsum, "g", shown="generate_lorem_ipsum")
