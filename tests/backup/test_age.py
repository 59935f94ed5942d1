"""Backups sealed to public keys: only the holder of a secret key opens them, with Marge or with `age` itself."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pyrage
import pytest

from marge.backup import read, write
from marge.backup.age import MAGIC, AgeReader, AgeWriter, recipient
from marge.backup.errors import BackupDamaged, BackupError, WrongPassword
from tests.backup.homes import about, make_home, settings

MINE, OTHER = (pyrage.x25519.Identity.generate() for _ in range(2))
KEY_FILE = f"# created: 2026-01-02\n# public key: {MINE.to_public()}\n{MINE}\n"


def made(folder: Path, *recipients: str, password: str | None = None) -> Path:
    config = make_home(folder)
    write.write(config / "backups", config, config / "marge.db", about(), password, recipients)
    return write.path_of(config / "backups", "abc123")


def sealed(data: bytes) -> bytes:
    target = io.BytesIO()
    writer = AgeWriter(target, [str(MINE.to_public())])
    writer.write(data)
    writer.close()
    return target.getvalue()


def opened(data: bytes, secret: str = str(MINE)) -> bytes:
    reader = AgeReader(io.BytesIO(data), secret)
    try:
        return reader.read()
    finally:
        reader.close()


def test_a_backup_for_a_public_key_opens_with_the_secret_one_only(tmp_path: Path) -> None:
    """Each of several holders opens it; the text may be a whole file of keys. It says what it is."""
    path = made(tmp_path, str(OTHER.to_public()), str(MINE.to_public()))
    shown = read.read_about(path)
    assert shown.protected and shown.age
    (tmp_path / "out").mkdir()
    assert read.extract(path, KEY_FILE, tmp_path / "out") == read.verify(path, str(OTHER))
    assert settings(tmp_path / "out/marge.db") == ['"then"']
    stranger = str(pyrage.x25519.Identity.generate())
    for wrong in (None, "", "a password", stranger, "AGE-SECRET-KEY-1NONSENSE"):
        with pytest.raises(WrongPassword) as refusal:
            read.verify(path, wrong)
        assert not wrong or wrong not in str(refusal.value)
    assert not list(path.parent.glob("abc123.[!t]*"))


def test_a_password_comes_before_public_keys(tmp_path: Path) -> None:
    """Who gives one expects it to open the backup."""
    path = made(tmp_path, str(MINE.to_public()), password="right")
    assert not read.read_about(path).age and read.verify(path, "right").database


def test_tools_for_age_open_it_without_marge(tmp_path: Path) -> None:
    """The second member of the tar is a plain file of theirs."""
    path = made(tmp_path, str(MINE.to_public()))
    with tarfile.open(path) as archive:
        member = archive.extractfile("marge.tar.gz.age")
        assert member is not None
        plain = pyrage.decrypt(member.read(), [MINE])
    with tarfile.open(fileobj=io.BytesIO(plain)) as inner:
        assert "config/secrets.yaml" in inner.getnames()


def test_it_can_be_had_without_its_seal(tmp_path: Path) -> None:
    """For a download; the wrong key leaves nothing usable."""
    path = made(tmp_path, str(MINE.to_public()))
    draft, content = tmp_path / "draft", tmp_path / "content"
    assert not read.unsealed(path, str(MINE), draft, content).protected
    assert read.verify(draft).files == read.verify(path, str(MINE)).files


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 1_000_000])
def test_all_sizes_come_back(size: int) -> None:
    """Also those at the seams of its pieces."""
    data = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(data[:size])) == data[:size]


def test_every_change_is_noticed() -> None:
    """Cut off, made longer, a bit turned: never other contents than those that were sealed."""
    good = sealed(b"contents " * 20_000)
    for cut in (len(good) - 1, len(good) - 40_000, 300, 10, 0):
        with pytest.raises(BackupError):
            opened(good[:cut])
    for place in (len(MAGIC) + 2, 150, 400, 90_000, len(good) - 1):
        changed = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        with pytest.raises(BackupError):
            opened(changed)
    with pytest.raises(BackupDamaged):
        opened(good + b"more")


def test_a_reader_may_stop_early_and_a_full_disk_is_said() -> None:
    """The thread ends, and the error is the disk's own."""
    reader = AgeReader(io.BytesIO(sealed(bytes(3_000_000))), str(MINE))
    assert reader.read(10) == bytes(10)
    reader.close()
    with open("/dev/full", "wb", buffering=0) as full:
        writer = AgeWriter(full, [str(MINE.to_public())])
        with pytest.raises(OSError, match="No space"):
            for _ in range(100):
                writer.write(bytes(1 << 20))
            writer.close()
        writer.abandon()


@pytest.mark.parametrize(
    "head", [b"", b"nonsense", MAGIC, MAGIC + b"-> X25519 " + b"a" * (1 << 20), MAGIC + b"\n--- \n" + b"x" * 100]
)
def test_what_is_none_of_it_is_refused(head: bytes) -> None:
    """A header without an end costs no memory."""
    with pytest.raises(BackupDamaged):
        opened(head)


@pytest.mark.parametrize("text", ["", "age1", "age1xyz", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1X", "ssh-", "ä"])
def test_a_public_key_that_is_none_is_named(text: str) -> None:
    """Before a backup is made that nobody could open."""
    with pytest.raises(BackupError, match="no public key"):
        recipient(text)


def test_a_secret_key_in_the_wrong_place_is_not_repeated() -> None:
    """It would stand in the log and on the page of repairs."""
    with pytest.raises(BackupError) as refusal:
        recipient(str(MINE))
    assert str(MINE)[:30] not in str(refusal.value)
