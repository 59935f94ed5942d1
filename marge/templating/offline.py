"""Compiling templates where no home runs: for checks of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.templating.custom import read_custom_templates
from marge.templating.engine import TemplateEngine


class _Nothing:
    """Stands for states and registries: compiling reads none of them."""

    version = 0

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a template that is only compiled asked for {name}")


def compile_check_of(config: Any) -> Callable[[str], None]:
    """A function that raises `TemplateError` when a template of this home cannot be compiled.

    Args:
        config: a `HomeConfig`.
    """
    engine = TemplateEngine(_Nothing(), _Nothing(), config, lambda: 0.0)
    engine.load_custom_templates(read_custom_templates(config.config_dir / "custom_templates"))
    return engine.compile_check
