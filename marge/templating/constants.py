"""Which templates come out the same whenever they are rendered: they read nothing but what is written in them.

Only names that are listed here count as such; whatever is not known to be constant is not. Pure.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from jinja2 import nodes

from marge.templating.results import native_copy, parse_result

_SCALARS = frozenset({str, int, float, bool, type(None)})

_FILTERS = frozenset(
    """
    abs acos add asin atan atan2 average base64_decode base64_encode batch bitwise_and bitwise_or bitwise_xor bool
    capitalize center combine contains cos count d default dictsort difference e escape first flatten float forceescape
    format from_json groupby iif indent int intersect is_defined is_number items join last length list log lower map
    max md5 median min multiply ord ordinal regex_findall regex_findall_index regex_match regex_replace regex_search
    reject rejectattr replace reverse round select selectattr set sha1 sha256 sha512 sin slice slugify sort sqrt
    statistical_mode string striptags sum symmetric_difference tan title to_json trim truncate tuple typeof union unique
    upper urlencode version wordcount wordwrap zip _ticked
    """.split()  # noqa: SIM905
)
_TESTS = frozenset(
    """
    != < <= == > >= boolean contains defined divisibleby eq equalto even false float ge greaterthan gt in integer
    is_number iterable le lessthan list lower lt mapping match ne none number odd sameas search sequence set string
    string_like true tuple undefined upper
    """.split()  # noqa: SIM905
)
_FUNCTIONS = frozenset(
    """
    acos add asin atan atan2 average base64_decode base64_encode bitwise_and bitwise_or bitwise_xor bool combine cos
    difference e flatten float iif int intersect is_number log max md5 median min multiply namespace pi range round set
    sha1 sha256 sha512 sin slugify sqrt statistical_mode symmetric_difference tan tau tuple typeof union urlencode
    version zip dict
    """.split()  # noqa: SIM905
)
_BY_NAME = {
    "map": (0, _FILTERS), "select": (0, _TESTS), "reject": (0, _TESTS), "selectattr": (1, _TESTS),
    "rejectattr": (1, _TESTS),
}  # fmt: skip
"""Filters that take the name of a filter or test as a text: at which place, and which ones may be named."""
_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair,
    nodes.Keyword, nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.CondExpr,
    nodes.BinExpr, nodes.UnaryExpr, nodes.Concat, nodes.Compare, nodes.Operand, nodes.Name, nodes.NSRef, nodes.If,
    nodes.For, nodes.Assign,
)  # fmt: skip


class Constant(NamedTuple):
    """What a constant template renders to, unless one of `names` is a variable."""

    names: frozenset[str]
    text: str
    native: Any

    def value(self) -> Any:
        """The native value; nobody else has it."""
        if type(self.native) in _SCALARS:
            return self.native
        try:
            return native_copy(self.native)
        except ValueError:
            return parse_result(self.text)


def names_of_constant(template: nodes.Template) -> frozenset[str] | None:
    """The names that the template mentions, if it is constant as long as no variable has one of them; else None."""
    own = {"loop"}
    read: set[str] = set()
    for node in (template, *template.find_all(nodes.Node)):
        if not isinstance(node, _NODES):
            return None
        if isinstance(node, nodes.Name):
            (read if node.ctx == "load" else own).add(node.name)
        elif not _is_constant(node):
            return None
    return frozenset(read | own) if read <= own | _FUNCTIONS else None


def _is_constant(node: nodes.Node) -> bool:
    """Whether a filter or test gives the same each time; other nodes do."""
    if isinstance(node, nodes.Test):
        return node.name in _TESTS
    if not isinstance(node, nodes.Filter):
        return True
    if node.name not in _FILTERS:
        return False
    place, known = _BY_NAME.get(node.name, (0, None))
    if known is None or len(node.args) <= place:
        return node.dyn_args is None or known is None
    name = node.args[place]
    return isinstance(name, nodes.Const) and name.value in known
