"""`/api/config/core/check_config`: whether the files would do for the next start."""

from __future__ import annotations

from marge.actors import native
from marge.config import load_home
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer, maybe, obj
from marge.integrations.checking import check_running


@route(
    "POST", "/api/config/core/check_config", access="admin",
    replies={200: Answer("The verdict.",
        obj(result={"enum": ["valid", "invalid"]}, errors=maybe(STRING), warnings=maybe(STRING)))},
)  # fmt: skip
def check_config(home: Home, _request: Request) -> Reply:
    """Read the files again and say what is wrong, inside automations, templates and helpers, too."""
    config = native.run(load_home, home.config.config_dir)
    problems = [*config.problems, *check_running(home, config)]
    errors = [str(problem) for problem in problems if problem.severity != "warning"]
    warnings = [str(problem) for problem in problems if problem.severity == "warning"]
    return json_reply(
        {
            "result": "invalid" if errors else "valid",
            "errors": "\n".join(errors) or None,
            "warnings": "\n".join(warnings) or None,
        }
    )
