"""Backups."""

from __future__ import annotations

import dataclasses

from marge.backup import read, write
from tests.conformance.area import Area
from tests.support.home import HomeServer
from tests.support.waiting import until

_ID = "93fa2829"


def _recorded_backup(server: HomeServer) -> None:
    """The backup that was made just now, under the id that the recorded one got."""
    backups = server.home.shared["backup"]
    until(lambda: backups.state == "idle", what="the backup")
    [made] = backups.all()
    if made["backup_id"] == _ID:
        return
    path = write.path_of(backups.folder, made["backup_id"])
    about = read.read_about(path)
    write.write(backups.folder, server.home.config.config_dir, None, dataclasses.replace(about, backup_id=_ID))
    path.unlink()


AREA = Area(
    facts={
        "backup/generate (events come to the active backup/subscribe_events)": {"backup_job_id"},
        "backup/info with one backup": {"size", "instance_id"},
        "backup/details": {"size", "instance_id"},
    },
    before={"backup/info with one backup": _recorded_backup},
)
