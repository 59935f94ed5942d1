"""`/api/backup/…`: backups as files, for administrators."""

from __future__ import annotations

from marge.domains.backup import AGENT, SHARED, Backups
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.ranges import file_reply
from marge.http.routing import route
from marge.http.uploads import uploaded_file

_TAR = "application/x-tar"


@route("GET", "/api/backup/download/<backup_id>", access="admin")
def download(home: Home, request: Request) -> Reply:
    """A backup as a file."""
    if request.query.get("agent_id") != AGENT:
        return Reply(400)
    backups: Backups = home.shared[SHARED]
    path = backups.path(request.args["backup_id"])
    if path is None:
        return Reply(404)
    return file_reply(request, path, _TAR, {"Content-Disposition": f"attachment; filename={path.name}"})


@route("POST", "/api/backup/upload", access="admin")
def upload(home: Home, request: Request) -> Reply:
    """Keep a backup that was downloaded once; as large as a body may be."""
    if request.query_all("agent_id") != [AGENT]:
        return Reply(400)
    backups: Backups = home.shared[SHARED]
    try:
        backup_id = backups.add(uploaded_file(request).data)
    except InvalidRequest:
        return Reply(400)
    return Reply(400) if backup_id is None else json_reply({"backup_id": backup_id}, 201)
