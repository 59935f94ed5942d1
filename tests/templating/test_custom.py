"""Reading macro files from the home's folder."""

from __future__ import annotations

from marge.templating import read_custom_templates
from marge.templating.budget import MAX_SOURCE
from tests.templating.recorded_home import make_engine


def test_reads_files_below_the_folder(tmp_path):
    """Names are paths below the folder; what is no `.jinja` file, not UTF-8, too long or elsewhere is left out."""
    folder = tmp_path / "custom_templates"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.jinja").write_text("{% macro m() %}1{% endmacro %}")
    (folder / "sub" / "b.jinja").write_text("b")
    (folder / "note.txt").write_text("no")
    (folder / "latin.jinja").write_bytes(b"\xff\xfe\xff")
    (folder / "long.jinja").write_text("x" * (MAX_SOURCE + 1))
    (tmp_path / "secret.jinja").write_text("secret")
    (folder / "link.jinja").symlink_to(tmp_path / "secret.jinja")

    found = read_custom_templates(folder)

    assert sorted(found) == ["a.jinja", "sub/b.jinja"]
    engine = make_engine()
    engine.load_custom_templates(found)
    assert engine.render("{% from 'a.jinja' import m %}{{ m() }}") == 1


def test_no_folder_is_no_error(tmp_path):
    assert read_custom_templates(tmp_path / "nope") == {}
