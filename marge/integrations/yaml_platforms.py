"""`platform:` in the sections of domains (`light: [{platform: group, …}]`): who reads which, and what nobody reads.

Not here: `platform: template`, whose many old spellings the template integration knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
import voluptuous as vol

from marge.config import ConfigProblem, locate
from marge.config.keys import ENTITY_DOMAINS
from marge.config.problems import nearest
from marge.util.parts import find_parts
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from marge.entities import Entity
    from marge.home import Home

log = structlog.get_logger("marge.integrations")

READ_ELSEWHERE = frozenset(("template",))
_PLACES = ("marge.integrations", "marge.bridges")


class YamlPlatform(NamedTuple):
    """What a module or package of the integrations or bridges lists in its `YAML_PLATFORMS`.

    Attributes:
        name, domain: of `platform: <name>` below `<domain>:`.
        schema: checks one item, without its `platform`.
        make: the item's entity; None where its owner makes it (a bridge whose devices the items are).
        own_section: items may also stand in a section of the platform's own name (`generic_hygrostat: [{…}]`).
        split: of an item that lists several entities, the configuration of each; with `object_id`, what its id is of.
    """

    name: str
    domain: str
    schema: vol.Schema
    make: Callable[[Home, Mapping[str, Any]], Entity] | None = None
    split: Callable[[Mapping[str, Any]], list[Mapping[str, Any]]] | None = None
    own_section: bool = False


class Item(NamedTuple):
    """One item of the files: which platform, its checked configuration, and the node it came from."""

    platform: YamlPlatform
    conf: Mapping[str, Any]
    node: Any


Report = Callable[[ConfigProblem], None]


@cache
def yaml_platforms() -> Mapping[tuple[str, str], YamlPlatform]:
    """All of them by domain and name."""
    found: dict[tuple[str, str], YamlPlatform] = {}
    for place in _PLACES:
        for _name, module in find_parts(place):
            for platform in getattr(module, "YAML_PLATFORMS", ()):
                found[platform.domain, platform.name] = platform
    return found


def domains_of(name: str) -> list[str]:
    """The domains that have this platform."""
    return sorted({each.domain for each in yaml_platforms().values() if each.name == name})


def items(sections: Mapping[str, Any], report: Report) -> Iterator[Item]:
    """The items that somebody reads; each that is wrong, or that nobody reads, is reported."""
    own = [(of, name) for (of, name), platform in sorted(yaml_platforms().items()) if platform.own_section]
    for domain, owner in (*((each, None) for each in sorted(ENTITY_DOMAINS)), *own):
        section = sections.get(owner or domain)
        for number, node in enumerate(ensure_list(section) if section else ()):
            item = _item(domain, owner, section, number, node, report)
            if item is None:
                continue
            split = item.platform.split
            yield from [item] if split is None else [item._replace(conf=conf) for conf in split(item.conf)]


def _item(domain: str, owner: str | None, section: Any, number: int, node: Any, report: Report) -> Item | None:
    path = f"{owner or domain}.{number}"
    name = owner or (node.get("platform") if isinstance(node, Mapping) else None)
    if not isinstance(node, Mapping) or not isinstance(name, str):
        where = locate(section, [number] if isinstance(section, list) else [])
        wanted = "mappings" if owner else "items with a `platform:`"
        report(_problem("error", where, path, f"`{owner or domain}:` wants {wanted}"))
        return None
    if name in READ_ELSEWHERE:
        return None
    known = yaml_platforms()
    platform = known.get((domain, name))
    if platform is None:
        of_domain = [each for of, each in known if of == domain]
        close = nearest(name, [*of_domain, *READ_ELSEWHERE])
        message = f"`platform: {name}` of `{domain}:` is not supported by Marge and has no effect"
        report(
            _problem(
                "warning", locate(node, ["platform"]), path, message, f"did you mean `{close}`?" if close else None
            )
        )
        return None
    try:
        conf = platform.schema({key: value for key, value in node.items() if key != "platform"})
    except vol.Invalid as exc:
        error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
        near = None
        if "extra keys" in str(error) and error.path:
            near = nearest(str(error.path[-1]), _keys_of(platform.schema))
        hint = f"did you mean `{near}`?" if near else None
        report(_problem("error", locate(node, error.path), path, f"a {name} {domain} is left out: {error}", hint))
        return None
    return Item(platform, conf, node)


def _keys_of(schema: Any) -> list[str]:
    """The keys that a schema takes."""
    if isinstance(schema, vol.Schema):
        return _keys_of(schema.schema)
    if isinstance(schema, vol.All):
        return [key for each in schema.validators for key in _keys_of(each)]
    return [str(key) for key in schema] if isinstance(schema, Mapping) else []


def _problem(severity: Any, where: Any, path: str, message: str, hint: str | None = None) -> ConfigProblem:
    file, line = where if where else (None, None)
    return ConfigProblem(severity, file, line, path, message, hint)


def note(home: Home, problem: ConfigProblem) -> None:
    """Tell a running home's people, once."""
    known = home.shared.setdefault("config_problems", [])
    if problem not in known:  # each reload says it again
        known.append(problem)
        log.warning(problem.message, where=problem.where or None, hint=problem.hint)


def items_of(home: Home, *names: str) -> list[Item]:
    """The items of these platforms in a running home; what is wrong is reported by who starts all of them."""
    return [item for item in items(home.config.sections, lambda _problem: None) if item.platform.name in names]
