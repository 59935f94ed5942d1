"""Home Assistant's template language, sandboxed and within budgets. Reads snapshots, never asks actors."""

from marge.templating.custom import read_custom_templates
from marge.templating.engine import TemplateEngine, is_template
from marge.templating.errors import TemplateError, TemplateTimeout, TemplateTooBig
from marge.templating.info import RenderInfo

__all__ = [
    "RenderInfo",
    "TemplateEngine",
    "TemplateError",
    "TemplateTimeout",
    "TemplateTooBig",
    "is_template",
    "read_custom_templates",
]
