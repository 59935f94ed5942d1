"""The table of figures: what is short is named."""

from __future__ import annotations

from loadtests.bench import FIGURES, Numbers, table


def test_a_figure_that_falls_short_is_named() -> None:
    """In the table and in the list that decides the exit code; what was not measured is left out."""
    lines: list[str] = []
    results: dict[str, Numbers] = {
        "actors": {"entity_bytes": 5000, "entity_start_50k_s": 1.5},
        "http": {"Marge GET": {"ratio": 1.4}},
    }

    short = table(results, lines.append)

    assert short == ["memory of an entity actor, 6 attributes", "GET /api/states/<id>, times hello"]
    assert len(lines) == 4
    assert [line.split()[-1] for line in lines[1:]] == ["SHORT", "ok", "SHORT"]


def test_every_wanted_figure_is_in_the_table() -> None:
    """A figure that nobody measures cannot be met: each promise has its line, and its benchmark."""
    wanted = {(figure.bench, figure.path) for figure in FIGURES if figure.most is not None or figure.least is not None}
    assert len(wanted) == len([figure for figure in FIGURES if figure.most is not None or figure.least is not None])
    assert {bench for bench, _ in wanted} == {
        "actors", "again", "automations", "broker", "console", "devices", "disk", "history", "hostile", "http", "kills",
        "native", "postgres", "recorder", "recording", "start", "ui", "ws",
    }  # fmt: skip
