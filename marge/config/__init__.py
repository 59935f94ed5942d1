"""A home's configuration: HA-style YAML with file and line, the known keys, the environment, secrets.

Not here: actors, network, or what a domain's section means.
"""

from marge.config.home_config import MAIN_FILE, HomeConfig, load_home
from marge.config.loader import YamlError
from marge.config.nodes import Input, Location, NodeDict, NodeList, Unresolved, locate, location_of
from marge.config.problems import ConfigProblem, Problems, Severity
from marge.config.reader import YamlReader, parse_yaml
from marge.config.reread import reread, unread_files
from marge.config.settings import SETTINGS, MargeSettings, Setting
from marge.config.units import UNIT_SYSTEMS
from marge.config.virtual import VirtualSeed

__all__ = [
    "MAIN_FILE",
    "SETTINGS",
    "UNIT_SYSTEMS",
    "ConfigProblem",
    "HomeConfig",
    "Input",
    "Location",
    "MargeSettings",
    "NodeDict",
    "NodeList",
    "Problems",
    "Setting",
    "Severity",
    "Unresolved",
    "VirtualSeed",
    "YamlError",
    "YamlReader",
    "load_home",
    "locate",
    "location_of",
    "parse_yaml",
    "reread",
    "unread_files",
]
