"""Imports without what a library would import on the chance. Looked at in processes of their own."""

from __future__ import annotations

import subprocess
import sys


def run(program: str) -> str:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_what_is_put_off_is_loaded_with_its_first_use():
    """Who imported it inside need not know; whoever imports it afterwards gets the very same."""
    program = """
import sys
from marge.util.left_out import put_off
with put_off("asyncio"):
    import asyncio as late
    exec("import asyncio")
print("asyncio" in sys.modules, "asyncio.events" in sys.modules)
print("asyncio.events" not in sys.modules or "loaded too early", late.run(late.sleep(0, "slept")))
from asyncio.events import new_event_loop
import asyncio
print(asyncio.new_event_loop is new_event_loop is late.new_event_loop)
"""
    assert run(program).split() == ["False", "False", "True", "slept", "True"]


def test_what_was_there_before_is_not_put_off():
    """Its state would be lost."""
    program = """
import json
from marge.util.left_out import put_off
json.mark = 1
with put_off("json"):
    import json as again
print(again.mark)
"""
    assert run(program) == "1"


def test_a_stand_in_gives_names_and_is_gone_afterwards():
    """The names are None inside; afterwards the module can be imported as it is."""
    assert (
        run(
            "import sys\n"
            "from marge.util.left_out import stood_in\n"
            "with stood_in('wave', 'open', 'Error'):\n"
            "    from wave import open, Error\n"
            "print(open, Error, 'wave' in sys.modules, end=' ')\n"
            "import wave\n"
            "print(wave.Error.__name__)"
        )
        == "None None False Error"
    )


def test_a_server_starts_without_what_few_homes_need():
    """What is loaded at every start is what every home needs: no asyncio, no ciphers, no second HTTP server."""
    found = run(
        "import marge.__main__, sys\n"
        "import marge.app\n"
        "print(*[name for name in ('asyncio.events', 'pyrage', 'nacl', 'simple_websocket', 'wsproto', 'h11', 'rich',"
        " 'gevent.pywsgi', 'psycopg') if name in sys.modules])"
    )
    assert found == ""
