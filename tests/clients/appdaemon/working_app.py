"""Two AppDaemon apps that do what apps do, and write down what they saw. AppDaemon loads and runs them.

Not here: what the test expects.
"""

from __future__ import annotations

import json
import time
import traceback
from pathlib import Path

import appdaemon.plugins.hass.hassapi as hass


class Listening(hass.Hass):
    """Hears of states and events, and answers a state with a service call."""

    def initialize(self) -> None:
        """AppDaemon has connected and has all states."""
        self.heard: list[object] = []
        self.rung: list[object] = []
        self.listen_state(self.guest_changed, "input_boolean.guest", new="on")
        self.listen_event(self.rang, "door_bell")

    def guest_changed(self, entity, attribute, old, new, **_more) -> None:
        """A state that was listened to."""
        self.heard.append([entity, old, new])
        self.call_service("light/turn_on", entity_id="light.bed_light", brightness=60)

    def rang(self, event_name, data, **_more) -> None:
        """An event that was listened to."""
        self.rung.append(data["times"])


class Working(hass.Hass):
    """Asks and changes; `facts.json` is written when all is done, or went wrong."""

    def initialize(self) -> None:
        """The listening app has been started before."""
        self.facts: dict[str, object] = {}
        self.run_in(self.work, 0)

    def work(self, **_more) -> None:
        """Everything in turn."""
        try:
            self.ask_and_change()
        except Exception:  # noqa: BLE001 (whatever it was, the test shows it)
            self.facts["problem"] = traceback.format_exc()
        path = Path(self.args["facts"])
        path.with_suffix(".tmp").write_text(json.dumps(self.facts, default=str), "utf-8")
        path.with_suffix(".tmp").rename(path)

    def until(self, condition) -> None:
        """The worker thread waits; AppDaemon's own loop goes on."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    def ask_and_change(self) -> None:
        """What the test looks at."""
        facts, listening = self.facts, self.get_app("listening")
        facts["states"] = len(self.get_state())
        facts["config"] = self.get_plugin_config()["location_name"]
        for entity_id in ("input_boolean.guest", "light.bed_light"):
            self.turn_off(entity_id)
            self.until(lambda entity_id=entity_id: self.get_state(entity_id) == "off")
        self.turn_on("input_boolean.guest")
        self.until(lambda: listening.heard and self.get_state("light.bed_light") == "on")
        facts["brightness"] = self.get_state("light.bed_light", attribute="brightness")
        facts["all attributes"] = sorted(self.get_state("light.bed_light", attribute="all"))
        facts["service"] = self.get_service_info("light/turn_on") is not None
        facts["refused"] = self.call_service("light/turn_on", entity_id="light.bed_light", brightness="much")["success"]
        self.fire_event("door_bell", times=3)
        self.until(lambda: listening.rung)
        facts["heard"], facts["rang"] = listening.heard, listening.rung
        self.set_state("sensor.counted", state=41, attributes={"unit_of_measurement": "W"})
        self.set_state("sensor.counted", state=42)
        self.until(lambda: self.get_state("sensor.counted") == "42")
        facts["counted"] = self.get_state("sensor.counted", attribute="unit_of_measurement")
        facts["template"] = self.render_template("{{ states('sensor.counted') | int + 1 }}")
        facts["history"] = [state["state"] for state in self.get_history("sensor.counted")[0]]
        facts["logbook"] = [entry.get("state") for entry in self.get_logbook("light.bed_light")]
        weather = "weather.demo_weather_north"
        response = self.call_service("weather/get_forecasts", target={"entity_id": weather}, type="daily")
        facts["forecast"] = len(response["result"]["response"][weather]["forecast"])
        events = self.get_calendar_events("calendar.calendar_1", days=2)
        facts["calendar"] = [event["summary"] for event in events]
        self.select_option("input_select.mode", "away")
        self.set_value("input_number.target", 30)
        self.set_textvalue("input_text.note", "by AppDaemon")
        self.press_button("input_button.press")
        facts["script"] = self.run_script("greet", return_immediately=False)
        facts["helpers"] = [self.get_state(e) for e in ("input_select.mode", "input_number.target", "input_text.note")]
        facts["people"] = self.get_trackers()
        self.persistent_notification("All is done", title="AppDaemon", id="7")
        answer = self.process_conversation("turn off the bed light")["result"]["response"]
        facts["conversation"] = answer["response"]["response_type"]
        facts["areas"] = self.areas()
        facts["integration"] = len(self.integration_entities("demo"))
        facts["exists"] = [self.entity_exists(e) for e in ("light.bed_light", "light.none")]
        self.remove_entity("sensor.counted")
        self.until(lambda: not self.entity_exists("sensor.counted"))
        facts["ping"] = self.ping()
