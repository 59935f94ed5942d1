"""A small home on the disk, and its backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from marge.backup.about import About
from marge.storage import Database

DAY = "2026-01-02T03:04:05+00:00"


def about(backup_id: str = "abc123", history: bool = True, folders: tuple[str, ...] = ()) -> About:
    extra = {"instance_id": "one", "with_automatic_settings": False}
    return About(backup_id, "Mine", DAY, "0.1", "2025.4.4", history, folders, extra=extra)


def make_home(folder: Path) -> Path:
    """A home with files of all kinds and a database; its directory."""
    config = folder / "home"
    files = {
        "configuration.yaml": "homeassistant: {name: Kept}\n", "secrets.yaml": "wifi: x\n", "www/logo.svg": "<svg/>",
        "blueprints/automation/me/b.yaml": "b: 1\n", "www/" + "ä" * 100 + ".txt": "long name", "home.log": "no",
        "media/film.mp4": "film", ".venv/bin/python": "no", "backups/old.tar": "no", "marge.db.v0003-x.bak": "no",
    }  # fmt: skip
    for name, text in files.items():
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).write_text(text, "utf-8")
    (config / "link.yaml").symlink_to("secrets.yaml")
    with Database.open_sync(config / "marge.db") as db:
        db.execute_sql("INSERT INTO key_value (key, value) VALUES ('who', '\"then\"')")
        db.execute_sql("INSERT INTO entities (id, entity_id) VALUES (1, 'light.a')")
        db.execute_sql("INSERT INTO states (entity, updated_us, state) VALUES (1, 1, 'then')")
    return config


def ask(database: Path, sql: str) -> list[str]:
    """The first column of an answer."""
    with closing(sqlite3.connect(database)) as connection, connection:
        return [row[0] for row in connection.execute(sql)]


def settings(database: Path) -> list[str]:
    return ask(database, "SELECT value FROM key_value WHERE key = 'who'")


def history(database: Path) -> list[str]:
    return ask(database, "SELECT state FROM states ORDER BY updated_us")
