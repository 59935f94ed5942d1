"""Backups."""

from __future__ import annotations

from marge.domains import _backup_files as files
from tests.conformance.area import Area
from tests.support.home import HomeServer
from tests.support.waiting import until

_BACKUP = {"backup_id": "93fa2829", "name": "B1", "database_included": False, "homeassistant_version": "2025.4.4"}


def _recorded_backup(server: HomeServer) -> None:
    """The backup that was made just now, under the id that the recorded one got."""
    backups = server.home.shared["backup"]
    until(lambda: backups.state == "idle", what="the backup")
    [made] = backups.all()
    if made["backup_id"] == _BACKUP["backup_id"]:
        return
    backups.delete(made["backup_id"])
    about = {**_BACKUP, "date": made["date"], "instance_id": made["extra_metadata"]["instance_id"]}
    files.write(backups.folder, server.home.config.config_dir, None, about)


AREA = Area(
    facts={
        "backup/generate (events come to the active backup/subscribe_events)": {"backup_job_id"},
        "backup/info with one backup": {"size", "instance_id"},
        "backup/details": {"size", "instance_id"},
    },
    before={"backup/info with one backup": _recorded_backup},
)
