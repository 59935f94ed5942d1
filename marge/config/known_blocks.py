"""The keys of HA's sections that Marge reads itself (`http:`, `recorder:`, …): what counts and what not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from marge.config.nodes import location_of
from marge.config.problems import ConfigProblem, Problems, nearest


@dataclass(frozen=True, slots=True)
class Block:
    """The keys of one section: those that count, and those without effect."""

    known: frozenset[str]
    no_effect: frozenset[str] = frozenset()


BLOCKS: Mapping[str, Block] = MappingProxyType(
    {
        "http": Block(
            known=frozenset(
                {
                    "server_host", "server_port", "cors_allowed_origins", "use_x_forwarded_for", "trusted_proxies",
                    "ip_ban_enabled", "login_attempts_threshold", "ssl_certificate", "ssl_key",
                    "ssl_peer_certificate", "ssl_profile",
                }
            ),
            no_effect=frozenset({"use_x_frame_options", "base_url"}),
        ),
        "recorder": Block(
            known=frozenset(
                {"purge_keep_days", "commit_interval", "auto_purge", "auto_repack", "include", "exclude", "db_url"}
            ),
            no_effect=frozenset({"db_max_retries", "db_retry_wait"}),
        ),
        "backup": Block(known=frozenset({"keep", "recipients"})),
        "logger": Block(known=frozenset({"default", "logs"}), no_effect=frozenset({"filters"})),
    }
)


def report_blocks(sections: Mapping[str, Any], problems: Problems) -> None:
    """Name the keys of these sections that are unknown or do nothing here."""
    for name, block in BLOCKS.items():
        section = sections.get(name)
        if not isinstance(section, dict):
            continue
        for key in section:
            where = location_of(section, key)
            file, line = where if where else (None, None)
            path = f"{name}.{key}"
            if key in block.no_effect:
                message = f"{path} is not supported by Marge and has no effect"
                problems.add(ConfigProblem("warning", file, line, path, message))
            elif key not in block.known:
                close = nearest(str(key), sorted(block.known | block.no_effect))
                hint = f"did you mean `{close}`?" if close else None
                problems.add(ConfigProblem("error", file, line, path, f"unknown key `{key}` below `{name}:`", hint))
