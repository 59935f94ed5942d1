"""jinja2's code generator with the places changed where a template could repeat or enlarge things unseen."""

from __future__ import annotations

import math
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


def _constant(node: nodes.Expr) -> bool:
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return all(map(_constant, node.items))
    if isinstance(node, nodes.Dict):
        return all(_constant(item.key) and _constant(item.value) for item in node.items)
    return isinstance(node, nodes.Const)


def tick_loops(template: nodes.Template) -> None:
    """Make every `for` run over something that pays for its items."""
    for loop in template.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "_ticked", [], [], None, None, lineno=loop.lineno)
        loop.iter.set_environment(template.environment)  # type: ignore[arg-type]


class BudgetCodeGenerator(CodeGenerator):
    """Emits calls of the environment around `~` and literals of lists, tuples and mappings, and shorter outputs."""

    # `{{ … }}` that is a text already, as most are, is put out without a call.

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(shown if type(shown := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(") is str else str(environment.finalize(context, shown)))")

    def visit_Const(self, node: nodes.Const, frame: Frame) -> None:  # noqa: N802
        # `repr` of an infinite number is a name that the generated code does not have.
        if node.value == math.inf:
            self.write("1e999")
        else:
            super().visit_Const(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.tilde(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._weighed(node, super().visit_Tuple, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._weighed(node, super().visit_List, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._weighed(node, super().visit_Dict, frame)

    def _weighed(self, node: Any, visit: Any, frame: Frame) -> None:
        if _constant(node):
            visit(node, frame)
            return
        self.write("environment.weighed(")
        visit(node, frame)
        self.write(")")
