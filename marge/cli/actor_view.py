"""How the actors' figures look on a terminal. Pure: figures in, rich renderables out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

Node = Mapping[str, Any]
MAX_CHILDREN = 30
"""More siblings than this are summed up in one line: a home has thousands of entity actors."""

_WAITS_SHOWN_FROM_S = 1.0


def tree(root: Node, limit: int | None) -> Tree:
    """The actors of a nested answer, `limit` siblings at most, those in trouble first."""
    view = Tree(_label(root))
    _grow(view, root, limit)
    return view


def _grow(view: Tree, node: Node, limit: int | None) -> None:
    children = [child for child in node.get("children") or () if isinstance(child, dict)]
    # what has trouble is shown first and never summed up
    children.sort(key=lambda child: not _in_trouble(child))
    troubled = sum(map(_in_trouble, children))
    shown = children if limit is None else children[: max(limit, troubled)]
    for child in shown:
        _grow(view.add(_label(child)), child, limit)
    left = max(int(node.get("child_count") or 0), len(children)) - len(shown)
    if left > 0:
        view.add(f"[dim]… and {left} more[/dim]")


def _in_trouble(node: Node) -> bool:
    return bool(node.get("status") not in ("running", None) or node.get("mailbox", 0) > 100)


def _label(node: Node) -> str:
    path = str(node.get("path", "?"))
    status = str(node.get("status", ""))
    parts = [escape(path.rpartition("/")[2] or "/")]
    if status and status != "running":
        parts.append(f"[{'bold red' if status == 'failed' else 'yellow'}]{escape(status)}[/]")
    if node.get("mailbox"):
        parts.append(f"[yellow]mailbox {node['mailbox']}[/]")
    if node.get("restarts"):
        parts.append(f"[red]restarts {node['restarts']}[/]")
    if node.get("waiting_for") and float(node.get("waiting_s") or 0) >= _WAITS_SHOWN_FROM_S:
        parts.append(f"[yellow]waits for {escape(str(node['waiting_for']))} since {node['waiting_s']} s[/]")
    processed = node.get("processed")
    if processed:
        parts.append(f"[dim]{processed} messages, {float(node.get('busy_ms') or 0):.0f} ms[/dim]")
    failure = _failure_text(node.get("last_failure"))
    if failure:
        parts.append(f"[red]{escape(failure)}[/]")
    return "  ".join(parts)


def _failure_text(failure: object) -> str:
    """One line of the last failure, whether it is a text or a record of error, message and time."""
    if isinstance(failure, dict):
        failure = failure.get("error") or failure.get("reason") or failure.get("exception") or ""
    return str(failure or "").strip().split("\n")[-1][:160]


def audit(rows: list[Node]) -> Table:
    """Entries of the audit log."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("when", "who", "what", "actor", "result"):
        table.add_column(title, overflow="fold")
    for row in rows:
        when = datetime.fromtimestamp(float(row["time"])).strftime("%Y-%m-%d %H:%M:%S")
        cells = (str(row["user"]), str(row["action"]), str(row["path"]), str(row["result"]))
        table.add_row(when, *map(escape, cells), style=None if row["ok"] else "yellow")
    return table


def _rate(node: Node, before: Node, key: str, elapsed_s: float | None) -> float:
    now = float(node.get(key) or 0)
    return now if not elapsed_s else max(0.0, now - float(before.get(key) or 0)) / elapsed_s


class Sort(NamedTuple):
    """An order of the table: what is compared, and the order to ask the server for."""

    key: Callable[[Node, Node, float | None], float]
    server_order: str


SORTS: Mapping[str, Sort] = {
    "busy": Sort(lambda node, before, elapsed: _rate(node, before, "busy_ms", elapsed), "busy_ms"),
    "mailbox": Sort(lambda node, before, elapsed: float(node.get("mailbox") or 0), "mailbox"),
    "messages": Sort(lambda node, before, elapsed: _rate(node, before, "processed", elapsed), "processed"),
    "restarts": Sort(lambda node, before, elapsed: float(node.get("restarts") or 0), "restarts"),
}


def top(
    nodes: Mapping[str, Node], before: Mapping[str, Node], elapsed_s: float | None, sort: str, rows: int
) -> Table:
    """The `rows` first actors by `sort`.

    Args:
        before: the figures `elapsed_s` ago; without them (`None`) totals since each actor's start are shown.
    """
    nothing: Node = {}
    table = Table(box=None, pad_edge=False, header_style="bold", title=f"actors by {sort}")
    table.add_column("actor", overflow="fold")
    per_second = "" if elapsed_s is None else "/s"
    for title in ("mailbox", f"messages{per_second}", f"busy ms{per_second}", "restarts"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True, max_width=30)
    key = SORTS[sort].key
    order = sorted(nodes, key=lambda path: (-key(nodes[path], before.get(path, nothing), elapsed_s), path))
    for path in order[:rows]:
        node, earlier = nodes[path], before.get(path, nothing)
        status = str(node.get("status", ""))
        waits = f" for {node['waiting_for']}" if node.get("waiting_for") else ""
        table.add_row(
            escape(path),
            str(node.get("mailbox", 0)),
            f"{_rate(node, earlier, 'processed', elapsed_s):.0f}",
            f"{_rate(node, earlier, 'busy_ms', elapsed_s):.1f}",
            str(node.get("restarts", 0)),
            escape(status + waits),
        )
    return table
