"""The command line: what it offers, and what its exit codes say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import orjson
import pytest

from marge.cli import cli, run
from marge.cli.exit_codes import BAD_INPUT, CANNOT_START, OK
from marge.version import HA_VERSION, VERSION


def test_commands_are_found_by_name() -> None:
    """One file in `marge/cli/commands` each."""
    ctx = click.Context(cli)
    names = cli.list_commands(ctx)

    assert {"actors", "check-config", "simulate", "token", "version"} <= set(names)
    for name in names:
        command = cli.get_command(ctx, name)
        assert command is not None and command.help, name


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Both versions in one line."""
    assert run(["version"]) == OK
    assert VERSION in (out := capsys.readouterr().out) and HA_VERSION in out


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["check-config", "x"], ["--demo", "version"]])
def test_wrong_arguments_are_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the usage on standard error."""
    assert run(arguments) == BAD_INPUT
    assert "Usage:" in capsys.readouterr().err


def test_check_config_of_a_good_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings alone are no error; `--config` may stand before or after the command."""
    (tmp_path / "configuration.yaml").write_text("homeassistant:\n  name: A\nhomekit:\n")

    assert run(["check-config", "--config", str(tmp_path)]) == OK
    assert "1 warning" in capsys.readouterr().out
    assert run(["--config", str(tmp_path), "check-config"]) == OK


def test_check_config_of_a_bad_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text for people, JSON for programs, exit code 2 for both."""
    (tmp_path / "configuration.yaml").write_text("automatoin: []\n")

    assert run(["check-config", "--config", str(tmp_path)]) == BAD_INPUT
    assert "configuration.yaml:1: unknown key `automatoin` (did you mean `automation`?)" in capsys.readouterr().out
    assert run(["check-config", "--json", "--config", str(tmp_path)]) == BAD_INPUT
    answer = orjson.loads(capsys.readouterr().out)
    assert answer["valid"] is False
    assert answer["problems"][0]["line"] == 1


def test_check_config_names_automations_and_scripts_that_would_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In old and new spelling, with their lines and the nearest known key."""
    main = "automation: !include a.yaml\nscript:\n  hello:\n    alias: No sequence\n"
    (tmp_path / "configuration.yaml").write_text(main)
    (tmp_path / "a.yaml").write_text(
        "- alias: Good\n  triggers: []\n  actions: []\n"
        "- alias: Old\n  trigger:\n    - platform: nonsense\n  action: []\n"
        "- alias: New\n  triggers: []\n  actions: []\n  descripton: x\n"
    )

    assert run(["check-config", "--config", str(tmp_path)]) == BAD_INPUT
    out = capsys.readouterr().out
    assert "a.yaml:6" in out and "automation.Old" in out
    assert "a.yaml:11" in out and "did you mean `description`" in out
    assert "configuration.yaml:3" in out and "script.hello" in out
    assert "3 errors" in out and "Good" not in out


def test_check_config_without_a_home(tmp_path: Path) -> None:
    """A mistyped directory is no empty home."""
    assert run(["check-config", "--config", str(tmp_path / "nowhere")]) == BAD_INPUT


def test_a_wrong_port_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is started."""
    monkeypatch.setenv("MARGE_HTTP_PORT", "eighty")

    assert run(["--config", str(tmp_path / "home")]) == BAD_INPUT
    err = capsys.readouterr().err
    assert err == "marge: environment: MARGE_HTTP_PORT is 'eighty'; it wants a port number from 1 to 65535\n"


def test_a_file_in_place_of_the_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said before anything is made."""
    (tmp_path / "file").write_text("x")

    assert run(["--config", str(tmp_path / "file")]) == BAD_INPUT


def test_no_server_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """One line that names the address."""
    assert run(["actors", "--url", "http://127.0.0.1:9", "tree"]) == CANNOT_START
    assert "http://127.0.0.1:9 does not answer" in capsys.readouterr().err


def test_help_imports_no_server() -> None:
    """`marge --help` stays quick: no web framework, no numpy."""
    script = (
        "import sys; from marge.cli import run; run(['--help']); "
        "sys.exit(', '.join(m for m in ('flask', 'numpy', 'peewee', 'skyfield', 'paho') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
