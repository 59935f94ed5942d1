"""What is wrong inside the sections of the files: automations, scripts, scenes, template entities, helpers.

For `marge check-config` and for a home that runs. Nothing is loaded or made. Not here: what the files as such hold
(`marge.config`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations.checking import check_sections
from marge.automations.expand import read_blueprints
from marge.config import ConfigProblem, HomeConfig, locate
from marge.entities import load_domains
from marge.integrations.template.reading import Reader
from marge.integrations.template.triggered import checked_block
from marge.integrations.yaml_platforms import items
from marge.util.breathe import in_turns
from marge.util.parts import find_parts
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from marge.home import Home

KEY = "check_pieces"
"""In `home.shared`: `check(config) -> list of ConfigProblem`, for those who may not import this. Waits."""
_HELPERS = (
    "counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
    "schedule", "timer",
)  # fmt: skip


class _Compiler:
    """As the template engine has it."""

    def __init__(self, compile_check: Callable[[str], None]) -> None:
        self.compile_check = compile_check


def check_pieces(config: HomeConfig, compile_check: Callable[[str], None]) -> Iterator[ConfigProblem | None]:
    """Everything that would be left out at the next start, with its place; None between pieces.

    Args:
        compile_check: raises `TemplateError` when a template cannot be compiled.
    """
    yield from check_sections(config.sections, config.config_dir, compile_check)
    yield from _check_templates(config, compile_check)
    yield from _check_helpers(config.sections)
    yield from _check_platforms(config.sections)
    yield from _check_bridges(config.sections)


def check_running(home: Home, config: HomeConfig) -> list[ConfigProblem]:
    """As `check_pieces`, with the templates of a running home, letting others in. Not on the shared dispatcher."""
    found = in_turns(check_pieces(config, home.templates.compile_check))
    return [problem for problem in found if problem is not None]


def _check_templates(
    config: HomeConfig, compile_check: Callable[[str], None]
) -> Iterator[ConfigProblem | None]:
    wrong: list[ConfigProblem] = []

    def report(name: str, error: Exception, node: Any, path: Any = ()) -> None:
        where = locate(node, path)
        file, line = where if where else (None, None)
        inner = ".".join(str(step) for step in path)
        place = f"template.{name}.{inner}" if inner else f"template.{name}"
        wrong.append(ConfigProblem("error", file, line, place, f"a template {name} would be left out: {error}"))

    seen: set[tuple[str, str]] = set()
    found = read_blueprints(config.config_dir, "template", ensure_list(config.sections.get("template")))
    reader = Reader(_Compiler(compile_check), lambda _name, block: _only_check(block), report, found)
    for key, conf, node in reader.entities(config.sections):
        if key in seen and "unique_id" in conf:
            report(key[0], vol.Invalid(f"another template entity has the unique_id {key[1]}"), node)
        seen.add(key)
        yield None
    yield from wrong


def _only_check(block: Mapping[str, Any]) -> None:
    checked_block(block)


def _check_bridges(sections: Mapping[str, Any]) -> Iterator[ConfigProblem | None]:
    """Sections that a bridge reads: its package has a function `check_sections(sections)`."""
    for _name, bridge in find_parts("marge.bridges"):
        check = getattr(bridge, "check_sections", None)
        if check is not None:
            yield from check(sections)


def _check_platforms(sections: Mapping[str, Any]) -> Iterator[ConfigProblem | None]:
    wrong: list[ConfigProblem] = []
    for _item in items(sections, wrong.append):
        yield None
    yield from wrong


def _check_helpers(sections: Mapping[str, Any]) -> Iterator[ConfigProblem | None]:
    domains = load_domains()
    for name in _HELPERS:
        section, domain = sections.get(name), domains.get(name)
        if domain is None or not isinstance(section, Mapping):
            continue
        schema = vol.Schema(domain.config_schema)
        for object_id, entry in section.items():
            try:
                schema({} if entry is None else entry)
            except vol.Invalid as exc:
                error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
                where = locate(section, [object_id, *error.path])
                file, line = where if where else (None, None)
                path = ".".join(str(step) for step in (name, object_id, *error.path))
                yield ConfigProblem("error", file, line, path, f"`{name}.{object_id}` would be left out: {error}")
            yield None
