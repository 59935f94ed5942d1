"""How a day looks on the terminal: a progress bar while it is played, a table of the steps at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from marge.simulate.day.player import Outcome
from marge.simulate.day.steps import Chapter, Step

WIDTH_WITHOUT_TERMINAL = 160


class DayProgress:
    """A progress bar on standard error for the time of a `with` block."""

    def __init__(self, total: int) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.fields[clock]:>8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("waiting for the devices", total=total, clock="--:--:--")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def step(self, chapter: Chapter, step: Step) -> None:
        """A step begins."""
        description = f"[bold]{escape(chapter.name)}[/bold] {escape(step.what)}"
        self._progress.update(self._task, description=description, clock=step.at)

    def outcome(self, outcome: Outcome) -> None:
        """A step is over."""
        self._progress.advance(self._task)
        if not outcome.ok:
            self._progress.console.print(f"[red]FAILED[/red] {outcome.at} {escape(outcome.step.what)}")


def show(outcomes: Sequence[Outcome], console: Console | None = None) -> None:
    """Print the table of all steps, and one line that sums it up."""
    console = console or Console()
    if not console.is_terminal:
        console = Console(file=console.file, width=WIDTH_WITHOUT_TERMINAL)
    table = Table(title="An ordinary day")
    for name in ("time", "what", "expected", "seen", "", "latency"):
        table.add_column(name, overflow="fold", justify="right" if name == "latency" else "left")
    for number, outcome in enumerate(outcomes):
        new_chapter = number == 0 or outcomes[number - 1].chapter != outcome.chapter
        if new_chapter and number:
            table.add_section()
        what = f"[bold]{escape(outcome.chapter)}[/bold]\n" if new_chapter else ""
        table.add_row(outcome.at, what + escape(outcome.step.what), *_cells(outcome))
    console.print(table)
    failed = [outcome for outcome in outcomes if not outcome.ok]
    verdict = (
        f"[red]{len(failed)} of {len(outcomes)} steps FAILED[/red]"
        if failed
        else (f"[green]all {len(outcomes)} steps verified[/green]")
    )
    latencies = sorted(outcome.latency_s for outcome in outcomes if outcome.latency_s is not None)
    if latencies:
        verdict += f"; from cause to effect: median {latencies[len(latencies) // 2] * 1000:.0f} ms"
        verdict += f", longest {latencies[-1] * 1000:.0f} ms"
    console.print(verdict)


def _cells(outcome: Outcome) -> tuple[str, str, str, str]:
    expected, found = [], []
    for number, expectation in enumerate(outcome.step.expect):
        seen = outcome.seen[number] if number < len(outcome.seen) else None
        good = seen is not None and seen.ok
        expected.append(escape(expectation.text))
        text = escape(seen.text) if seen is not None else "-"
        found.append(text if good else f"[red]{text}[/red]")
    if outcome.error is not None:
        found.append(f"[red]{escape(outcome.error)}[/red]")
    mark = "[green]ok[/green]" if outcome.ok else "[red]FAILED[/red]"
    latency = f"{outcome.latency_s * 1000:.0f} ms" if outcome.latency_s is not None else "-"
    return "\n".join(expected), "\n".join(found), mark, latency
