"""A real Chromium without a window, spoken to over its debugging protocol. For tests of pages; none is simulated."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
import requests
import websocket

from tests.support.broker import free_port
from tests.support.waiting import PATIENCE_S, Patience

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-allow-origins=*",
)  # fmt: skip
START_S = 60.0
_DEEP = """((selector, text) => {
  const all = root => [...root.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  return all(document).find(e => e.matches(selector) && (e.offsetParent !== null || e.getClientRects().length)
    && (!text || (e.textContent + (e.label || '')).includes(text)))
})"""
_TEXT = """(function words(root) {
  if (root.assignedNodes) return root.assignedNodes().length ? '' : [...root.childNodes].map(words).join(' ')
  if (root.nodeType === 3) return root.textContent
  if (['STYLE', 'SCRIPT', 'TEMPLATE'].includes(root.nodeName)) return ''
  const shadow = root.shadowRoot ? words(root.shadowRoot) + ' ' : ''
  return shadow + [...root.childNodes].map(words).join(' ')
})"""
"""Custom elements hide their parts in shadow roots, where `querySelector` does not look."""


def chromium() -> str | None:
    """Where the browser is; None: not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page:
    """One tab.

    Attributes:
        problems: uncaught errors and refusals of the page's own policy.
        sent, received: what went over the page's WebSockets, message by message.
        requests: what it asked for over HTTP: (method, URL, status), in the order of the replies.
    """

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=START_S)
        self._numbers = itertools.count(1)
        self.problems: list[str] = []
        self.sent: list[Any] = []
        self.received: list[Any] = []
        self.requests: list[tuple[str, str, int]] = []
        self._methods: dict[str, str] = {}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def open(self, url: str) -> None:
        self._ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of a script's last expression; a promise is waited for."""
        answer = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer.get("result", {}).get("value")

    def until(self, script: str, timeout_s: float = PATIENCE_S) -> Any:
        """The first true value of an expression."""
        patience = Patience(timeout_s)
        while True:
            # What the script asks about may not be there yet.
            value = self.run(f"(() => {{ try {{ return {script} }} catch {{ return null }} }})()")
            if value:
                return value
            assert not patience.is_over(), f"not within {timeout_s:g} s: {script}; {self.problems}"
            gevent.sleep(0.05)

    def close(self) -> None:
        self._socket.close()

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "navigated" in str(message.get("error")):
                    return {}  # the page has just left: whoever waits asks the next one
                if "error" in message:
                    raise AssertionError(message["error"])
                result: dict[str, Any] = message["result"]
                return result
            self._note(str(message.get("method")), message.get("params", {}))

    def click(self, selector: str, text: str = "", timeout_s: float = PATIENCE_S) -> None:
        """Click the first visible element, shadow roots included, that has this text (when given) in it."""
        found = f"{_DEEP}({json.dumps(selector)}, {json.dumps(text)})"
        self.until(f"(() => {{ const e = {found}; if (!e) return false; e.click(); return true }})()", timeout_s)

    def type(self, selector: str, text: str, timeout_s: float = PATIENCE_S) -> None:
        """Type into the first such input, as a keyboard would, once it has kept the focus from one look to the next:
        a page that has just appeared may still give it to an input of its own choice."""
        found = f"{_DEEP}({json.dumps(selector)}, '')"
        has_it = "e.getRootNode().activeElement === e"
        look = f"(() => {{ const e = {found}; if (!e) return false; const had = {has_it}; e.focus(); return had }})()"
        self.until(look, timeout_s)
        self._ask("Input.insertText", text=text)

    def sees(self, text: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the text is somewhere on the page, shadow roots included."""
        self.until(f"{_TEXT}(document).includes({json.dumps(text)})", timeout_s)

    def text(self) -> str:
        """All text on the page."""
        return str(self.run(f"{_TEXT}(document)"))

    def screenshot(self, file: Path, width: int = 1280, height: int = 900) -> None:
        """Write what the tab shows as a PNG."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        file.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot")["data"]))

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.problems.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded" and params["entry"].get("source") in ("security", "javascript"):
            self.problems.append(str(params["entry"].get("text")))
        elif method in ("Network.webSocketFrameSent", "Network.webSocketFrameReceived"):
            message = json.loads(params["response"]["payloadData"])
            kept = self.sent if method.endswith("Sent") else self.received
            kept.extend(message if isinstance(message, list) else [message])
        elif method == "Network.requestWillBeSent":
            self._methods[params["requestId"]] = params["request"]["method"]
        elif method == "Network.responseReceived":
            asked = self._methods.get(params["requestId"], "GET")
            self.requests.append((asked, params["response"]["url"], int(params["response"]["status"])))


@contextmanager
def browser_page() -> Iterator[Page]:
    """A tab of a browser that has never been anywhere."""
    path = chromium()
    assert path is not None, "no chromium"
    port = free_port()
    with TemporaryDirectory(prefix="marge-chromium-", ignore_cleanup_errors=True) as folder:
        command = [path, *FLAGS, f"--user-data-dir={Path(folder)}", f"--remote-debugging-port={port}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            page = Page(_address(port))
            try:
                yield page
            finally:
                page.close()
        finally:
            process.kill()
            process.wait(60)


def _address(port: int) -> str:
    patience = Patience(START_S)
    while True:
        try:
            tabs = requests.get(f"http://127.0.0.1:{port}/json", timeout=20).json()
            found = [tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"]
            if found:
                return str(found[0])
        except (requests.ConnectionError, requests.Timeout):
            pass  # not up yet
        assert not patience.is_over(), "chromium does not answer"
        gevent.sleep(0.05)
