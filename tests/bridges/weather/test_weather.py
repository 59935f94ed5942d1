"""The weather at home, from a real HTTP server that answers as the forecast service does."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.weather import met, specs
from marge.bridges.weather.station import Fetch
from marge.errors import Unreachable
from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIG = "homeassistant: {latitude: 59.91273, longitude: 10.746091, elevation: 23, unit_system: metric, time_zone: UTC}"
SENSORS = ("temperature", "humidity", "wind_speed", "pressure")
SINCE = "Sat, 21 Nov 2026 17:02:11 GMT"


def forecast(symbol: str = "rainshowers_day", temperature: float = 7.4) -> dict[str, Any]:
    """Three days: hour by hour for one, then every six hours."""
    begin = dt.datetime.fromtimestamp(time.time(), dt.UTC).replace(minute=0, second=0, microsecond=0)
    series = []
    for hour in (*range(24), *range(24, 72, 6)):
        details = {
            "air_pressure_at_sea_level": 1012.3, "air_temperature": temperature + hour / 10,
            "cloud_area_fraction": 88.0, "relative_humidity": 71.2, "wind_from_direction": 190.5, "wind_speed": 4.2,
            "wind_speed_of_gust": 9.1, "dew_point_temperature": 2.5,
        }  # fmt: skip
        period = {
            "summary": {"symbol_code": symbol},
            "details": {"precipitation_amount": 0.5, "probability_of_precipitation": 60.0},
        }
        data = {"instant": {"details": details}, f"next_{1 if hour < 24 else 6}_hours": period}
        at = (begin + dt.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
        series.append({"time": at, "data": data})
    return {"type": "Feature", "properties": {"meta": {}, "timeseries": series}}


class Service:
    """The forecast service. `answer`: what it says; None: nobody is there."""

    def __init__(self) -> None:
        self.told: Any = forecast()
        self.status = 200
        self.asked: list[HttpRequest] = []
        self.server = HttpDevice("127.0.0.1", 0, self._answer)
        self.server.start()

    @property
    def url(self) -> str:
        return "http://{}:{}/complete".format(*self.server.address)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        self.asked.append(request)
        if request.headers.get("if-modified-since") == SINCE:
            return HttpAnswer(304)
        body = self.told if isinstance(self.told, bytes) else orjson.dumps(self.told)
        return HttpAnswer(self.status, body, headers={"Last-Modified": SINCE})


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    found = Service()
    yield found
    found.server.stop()


@pytest.fixture(scope="module")
def home(service: Service) -> Iterator[HomeServer]:
    with home_server(CONFIG, bridges=("weather",), weather=True, weather_url=service.url) as found:
        until(lambda: found.home.states.get("weather.home"), what="the weather")
        until(lambda: found.state("weather.home").state == "rainy", what="the forecast")
        found.wait()
        yield found


def test_the_weather_is_shown(home: HomeServer) -> None:
    """The condition, the readings in the home's units, sensors beside it."""
    shown = home.state("weather.home")

    assert shown.state == "rainy"
    assert (shown.attributes["temperature"], shown.attributes["humidity"], shown.attributes["pressure"]) == (
        7.4, 71, 1012.3,
    )  # fmt: skip
    assert (shown.attributes["wind_speed"], shown.attributes["wind_speed_unit"]) == (15.12, "km/h")
    assert (shown.attributes["integration"], shown.attributes["friendly_name"]) == ("weather", "Home")
    assert "met.no" in shown.attributes["attribution"]
    assert home.state("sensor.weather_temperature").state == "7.4"
    assert home.state("sensor.weather_wind_speed").attributes["unit_of_measurement"] in ("m/s", "km/h")
    assert all(home.state(f"sensor.weather_{name}").attributes["integration"] == "weather" for name in SENSORS)


def test_the_service_is_asked_politely(home: HomeServer, service: Service) -> None:
    """It is told who asks, and no more of the place than it needs."""
    [first, *_] = service.asked

    assert first.query == {"lat": "59.9127", "lon": "10.7461", "altitude": "23"}
    assert first.headers["user-agent"].startswith("Marge/")


def test_forecasts_are_given(home: HomeServer) -> None:
    """By the hour and by the day."""
    data = {"entity_id": "weather.home", "type": "hourly"}
    path = "/api/services/weather/get_forecasts?return_response"
    hourly = home.rest("POST", path, data).json()["service_response"]["weather.home"]["forecast"]
    daily = home.rest("POST", path, {**data, "type": "daily"}).json()["service_response"]["weather.home"]["forecast"]

    assert len(hourly) == 24 and (hourly[0]["condition"], hourly[0]["precipitation"]) == ("rainy", 0.5)
    assert len(daily) >= 3 and daily[0]["temperature"] >= daily[0]["templow"]
    assert daily[0]["precipitation_probability"] == 60


def test_what_has_not_changed_is_not_sent_again(home: HomeServer, service: Service) -> None:
    """The second question says what is known."""
    before = len(service.asked)
    home.home.system.tell("/bridges/weather", Fetch())
    until(lambda: len(service.asked) > before, what="the question")
    home.wait()
    assert service.asked[-1].headers["if-modified-since"] == SINCE
    assert home.state("weather.home").state == "rainy"


def test_a_restarted_bridge_goes_on(home: HomeServer) -> None:
    """With the same entities."""
    home.home.system.restart("/bridges/weather")
    until(lambda: home.home.system.inspect("/bridges/weather")["status"] == "running", what="running")
    assert home.state("weather.home").state == "rainy"


@pytest.mark.parametrize(
    ("status", "told"), [(403, b"no"), (200, b"<html>"), (200, b"[]"), (200, {"properties": {"timeseries": [5, {}]}})]
)
def test_without_a_forecast_it_is_unavailable_and_quiet(status: int, told: Any) -> None:
    """No line in the log that anybody would see; the bridge says why."""
    service = Service()
    service.status, service.told = status, told
    try:
        with home_server(CONFIG, bridges=("weather",), weather=True, weather_url=service.url) as home:

            def health() -> dict[str, Any]:
                found: dict[str, Any] = home.rest("GET", "/api/health").json()["integrations"].get("weather", {})
                return found

            until(lambda: health().get("last_error"), what="the failure")
            assert home.state("weather.home").state == "unavailable"
            assert home.state("sensor.weather_pressure").state == "unavailable"
            assert "weather" not in home.rest("GET", "/api/error_log").text
    finally:
        service.server.stop()


def test_nothing_is_fetched_unless_somebody_wants_it(service: Service) -> None:
    """The default; adding the integration starts it, removing it ends it."""
    before = len(service.asked)
    with home_server(CONFIG, bridges=("weather",), weather_url=service.url) as home:
        assert "weather.home" not in home.home.states and len(service.asked) == before
        home.home.shared["bridge_kinds"] = {"weather": specs}  # as the server does once its bridges have started
        flow = home.rest("POST", "/api/config/config_entries/flow", {"handler": "met"}).json()
        made = home.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", {}).json()
        until(lambda: home.home.states.get("weather.home"), what="the weather")
        until(lambda: home.state("weather.home").state == "rainy", what="the forecast")
        path = f"/api/config/config_entries/entry/{made['result']['entry_id']}"
        assert home.rest("POST", f"{path}/reload").status_code == 200
        until(lambda: home.state("weather.home").state == "rainy", what="the forecast again")
        assert home.rest("DELETE", path).status_code == 200
        until(lambda: "weather.home" not in home.home.states, what="its end")
        assert "weather" not in home.rest("GET", "/api/health").json()["integrations"]


@pytest.mark.parametrize(
    ("symbol", "condition"),
    [
        ("clearsky_day", "sunny"), ("clearsky_night", "clear-night"), ("fair_polartwilight", "partlycloudy"),
        ("partlycloudy_night", "partlycloudy"), ("cloudy", "cloudy"), ("fog", "fog"), ("lightrain", "rainy"),
        ("heavyrainshowers_day", "pouring"), ("sleet", "snowy-rainy"), ("lightssnowshowersandthunder_day",
        "lightning-rainy"), ("heavysnow", "snowy"), ("frogs_day", None),
    ],
)  # fmt: skip
def test_symbols_are_conditions(symbol: str, condition: str | None) -> None:
    """In HA's words."""
    assert met.condition_of(symbol) == condition


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
details = st.dictionaries(st.sampled_from(["air_temperature", "wind_speed", "precipitation_amount"]), values)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"time": values | st.sampled_from(["2026-11-21T17:00:00Z", "2026-11-21T17:00:00", "0001-01-01T00:00:00Z"])},
            optional={
                "data": values | st.fixed_dictionaries(
                    {"instant": values | st.fixed_dictionaries({"details": values | details})},
                    optional={"next_1_hours": st.fixed_dictionaries({"summary": st.just({"symbol_code": "fog"})})},
                )
            },
        ),
        max_size=4,
    )
)  # fmt: skip
def test_whatever_is_sent_is_a_forecast_or_refused(series: list[Any]) -> None:
    """With its own error alone."""
    try:
        found = met.outlook({"properties": {"timeseries": series}}, 0.0)
    except Unreachable:
        return
    assert isinstance(found.readings, dict)
