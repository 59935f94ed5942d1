"""`marge token` and the command line's own token, on a real database, beside a server's store and without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marge.actors import WallClock
from marge.auth import AuthStore
from marge.cli import run
from marge.cli.demo import where_to_look
from marge.cli.exit_codes import BAD_INPUT, CANNOT_START, OK
from marge.cli.home_dir import is_new
from marge.cli.tokens import TOKEN_FILE, local_token
from marge.config import load_home
from marge.storage import Database, KeyValue

OpenStore = Callable[[], AuthStore]


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[OpenStore]:
    """The auth store as a server opens it."""
    opened: list[Database] = []

    def open_it() -> AuthStore:
        opened.append(Database(tmp_path / "marge.db"))
        return AuthStore(opened[-1], KeyValue(opened[-1]), WallClock())

    yield open_it
    for database in opened:
        database.close()


def create(home: Path, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run(["token", "create", name, "--config", str(home)]) == OK
    return capsys.readouterr().out.removesuffix("\n")


def test_a_token_made_before_the_first_start_works(
    tmp_path: Path, open_store: OpenStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but the token is printed, and the directory still counts as new."""
    token = create(tmp_path, "script", capsys)

    assert len(token) == 38 and token.startswith("marge_")
    assert is_new(tmp_path)
    user = open_store().authenticate(token)
    assert user is not None and user.is_admin


def test_a_running_server_takes_and_forgets_tokens(
    tmp_path: Path, open_store: OpenStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a restart."""
    store = open_store()
    token = create(tmp_path, "script", capsys)
    assert store.authenticate(token) is not None

    assert run(["token", "revoke", "script", "--config", str(tmp_path)]) == OK
    store.keep_up()
    store._looked_at = 0.0
    store.keep_up()
    assert store.authenticate(token) is None


def test_a_name_is_taken_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error, nothing on standard output."""
    create(tmp_path, "script", capsys)

    assert run(["token", "create", "script", "--config", str(tmp_path)]) == CANNOT_START
    captured = capsys.readouterr()
    assert captured.out == "" and "script" in captured.err
    assert run(["token", "create", " ", "--config", str(tmp_path)]) == BAD_INPUT


def test_list_shows_names_and_ids_but_no_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And revoke takes an id as well."""
    secret = create(tmp_path, "a script", capsys)
    assert run(["token", "list", "--config", str(tmp_path)]) == OK
    out = capsys.readouterr().out
    assert "a script" in out and secret not in out

    token_id = next(word for word in out.split() if len(word) == 32)
    assert run(["token", "revoke", token_id, "--config", str(tmp_path)]) == OK
    assert run(["token", "revoke", token_id, "--config", str(tmp_path)]) == CANNOT_START


def test_the_command_lines_own_token_is_kept_and_renewed(tmp_path: Path, open_store: OpenStore) -> None:
    """Private to the files' owner; a new one when the database no longer knows it."""
    home = load_home(tmp_path, {})
    assert local_token(home) is None
    store = open_store()

    assert store.authenticate("marge_unknown") is None  # the server has just looked for new tokens, and must look again
    token = local_token(home)
    assert token is not None and local_token(home) == token
    assert (tmp_path / TOKEN_FILE).stat().st_mode & 0o077 == 0
    assert store.authenticate(token) is not None

    (tmp_path / TOKEN_FILE).write_text("marge_" + "0" * 32)
    renewed = local_token(home)
    assert renewed not in (None, token)
    assert store.authenticate(str(renewed)) is not None


def test_the_demo_says_where_to_look_and_how_to_log_in(tmp_path: Path, open_store: OpenStore) -> None:
    """One line, the same at each start, and true."""
    home = load_home(tmp_path, {})
    line = where_to_look(home, open_store())

    assert line.startswith("Marge's demo home: http://localhost:8123") and "\n" not in line
    assert where_to_look(home, open_store()) == line
    password = line.split('"')[3]
    assert open_store().login("demo", password, "127.0.0.1").is_owner
