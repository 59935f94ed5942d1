"""Archives that nobody packed: whatever is in them, they are refused with a reason, and nothing lands elsewhere."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.backup import read, write
from marge.backup.errors import BackupDamaged, BackupError
from tests.backup.homes import about, make_home
from tests.backup.homes import settings as settings_of


def packed(folder: Path, members: list[tuple[tarfile.TarInfo, bytes]], sums: bool = True) -> Path:
    """A backup with these members and checksums that fit."""
    said = {member.name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for member, data in members}
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        if sums:
            write.add(archive, "checksums.json", json.dumps({"members": said}).encode())
    return wrapped(folder, gzip.compress(inner.getvalue()))


def wrapped(folder: Path, content: bytes) -> Path:
    """A backup with these contents."""
    inside, path = folder / "content", folder / "bad.tar"
    for each in (inside, path):
        each.unlink(missing_ok=True)
    inside.write_bytes(content)
    write.assemble(path, inside, about())
    return path


def refused(path: Path, folder: Path) -> str:
    """Why it is; nothing but `out` was touched."""
    before = {each for each in folder.rglob("*") if "out" not in each.parts}
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "out").mkdir()
    with pytest.raises(BackupError) as caught:
        read.extract(path, None, folder / "out")
    assert {each for each in folder.rglob("*") if "out" not in each.parts} == before
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "config/../../outside", "/etc/passwd", "config//x", "config/./x", "config/..", "../x", "other.db", "config",
        "config/backups/x.tar", "config/.restore/plan.json", "config/" + "a" * 300, "config/" + "a/" * 3000 + "b",
        "marge.db/x",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """Whatever their checksums say."""
    assert "no place" in refused(packed(tmp_path, [(tarfile.TarInfo(name), b"x")]), tmp_path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    """Links, devices and pipes have no business in a home."""
    member = tarfile.TarInfo("config/x")
    member.type, member.linkname = kind, "/etc/passwd"
    assert "plain file" in refused(packed(tmp_path, [(member, b"")]), tmp_path)


def test_checksums_have_to_be_there_and_fit(tmp_path: Path) -> None:
    """Missing, doubled and late members are found."""
    one = (tarfile.TarInfo("config/a"), b"a")
    assert "not those" in refused(packed(tmp_path, [one], sums=False), tmp_path)
    assert "no place" in refused(packed(tmp_path, [one, (tarfile.TarInfo("config/a"), b"b")]), tmp_path)
    assert "one place" in refused(packed(tmp_path, [one, (tarfile.TarInfo("config/a/b"), b"b")]), tmp_path)


def test_a_header_that_claims_gigabytes_costs_nothing(tmp_path: Path) -> None:
    """`tarfile` would read an extended header whole."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 8 << 30
    content = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
    assert "too long" in refused(wrapped(tmp_path, content), tmp_path)


def test_what_unpacks_to_more_than_can_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the disk is full."""
    monkeypatch.setattr(read, "MAX_UNPACKED", 1 << 20)
    member = tarfile.TarInfo("config/zeros")
    assert "more than can be" in refused(packed(tmp_path, [(member, bytes(3 << 20))]), tmp_path)


def test_a_native_archive_is_read_with_the_same_care(tmp_path: Path) -> None:
    """Unknown members are passed over, links are not followed, damage is found."""
    config = make_home(tmp_path)
    (config / "automations.yaml").write_text("[]\n")
    (config / "backups").mkdir(exist_ok=True)
    good = write.native_archive(config / "backups", config, config / "marge.db")
    (tmp_path / "good").mkdir()
    assert read.extract_native(good, tmp_path / "good") == ["marge.db", "automations.yaml"]

    link = tarfile.TarInfo("scenes.yaml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for members in ([link], [tarfile.TarInfo("../automations.yaml")], [tarfile.TarInfo("marge.db")]):
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w:gz") as archive:
            for member in members:
                archive.addfile(member, io.BytesIO(b""))
        (tmp_path / "bad.tgz").write_bytes(raw.getvalue())
        out = tmp_path / members[0].name.strip("./")
        out.mkdir()
        with pytest.raises(BackupDamaged):
            read.extract_native(tmp_path / "bad.tgz", out)


def test_a_native_archive_may_have_the_journal_beside_its_database(tmp_path: Path) -> None:
    """A copy made file by file: what is in the journal only is restored, too; a journal of nonsense costs nothing."""
    config = make_home(tmp_path)
    living = sqlite3.connect(config / "marge.db", isolation_level=None)
    living.execute("PRAGMA wal_autocheckpoint = 0")
    living.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    living.execute("UPDATE key_value SET value = '\"late\"' WHERE key = 'who'")
    database, journal = ((config / name).read_bytes() for name in ("marge.db", "marge.db-wal"))
    living.close()
    for number, (behind, expected) in enumerate(((journal, '"late"'), (b"nonsense" * 99, '"then"'), (b"", '"then"'))):
        with tarfile.open(tmp_path / "files.tgz", mode="w:gz") as archive:
            write.add(archive, "marge.db-wal", behind)
            write.add(archive, "marge.db", database)
        out = tmp_path / f"out{number}"
        out.mkdir()
        assert read.extract_native(tmp_path / "files.tgz", out) == ["marge.db"]
        assert settings_of(out / "marge.db") == [expected] and [each.name for each in out.iterdir()] == ["marge.db"]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["config/a", "config/a/b", "marge.db", "checksums.json", "backup.json", "config/../x", "/x", "config/\0"]
)
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE])


def _member(name: str, kind: bytes, link: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.builds(_member, NAMES, KINDS, NAMES), st.binary(max_size=2000)), max_size=5))
def test_no_member_lands_outside(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    """Any archive is refused, or everything of it lies below the folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            path = packed(folder, members)
        except (ValueError, OSError):
            return  # cannot even be packed
        (folder / "out").mkdir()
        before = {each.name for each in folder.iterdir()}
        try:
            read.extract(path, None, folder / "out")
        except BackupError:
            pass
        assert {each.name for each in folder.iterdir()} == before
        assert not [each for each in folder.rglob("*") if each.is_symlink()]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_noise_is_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    """Bytes changed anywhere in a tar, or none of a tar at all."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        inner = io.BytesIO()
        with tarfile.open(fileobj=inner, mode="w", format=tarfile.PAX_FORMAT) as archive:
            write.add(archive, "config/" + "ü" * 80, b"x" * 600)
            write.add(archive, "checksums.json", b"{}")
        raw = bytearray(inner.getvalue())
        for at, value in data.draw(st.lists(st.tuples(st.integers(0, 5119), st.integers(0, 255)), max_size=8)):
            raw[at % len(raw)] = value
        content: Any = data.draw(st.sampled_from([gzip.compress(bytes(raw)), bytes(raw)]) | st.binary(max_size=300))
        path = wrapped(folder, content)
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
        path.write_bytes(whole[:cut])
        with pytest.raises(BackupError):
            read.verify(path)
        with pytest.raises(BackupError):
            read.extract_native(path, folder)


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4))
def test_a_backup_json_of_any_shape_is_read_or_refused(value: Any) -> None:
    """Each key in turn holds something else."""
    from marge.backup import about as manifest

    good = json.loads(manifest.to_json(dataclasses.replace(about(), sha256="0" * 64)))
    for key in good:
        for changed in ({**good, key: value}, value, {key: value}):
            try:
                manifest.from_json(json.dumps(changed).encode())
            except BackupError:
                pass
