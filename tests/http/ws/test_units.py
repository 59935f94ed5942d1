"""Which units a value can be shown in."""

from __future__ import annotations

from tests.support.home import HomeServer


def test_units_by_device_class(server: HomeServer):
    """In order, whatever their case; nothing for a class that does not convert."""
    with server.websocket(server.user_token) as client:
        def units(kind, device_class):
            reply = client.command(f"{kind}/device_class_convertible_units", device_class=device_class)
            return reply["result"]["units"]

        assert units("sensor", "energy") == [
            "cal", "Gcal", "GJ", "GWh", "J", "kcal", "kJ", "kWh", "Mcal", "MJ", "MWh", "mWh", "TWh", "Wh",
        ]  # fmt: skip
        assert units("sensor", "power_factor") == ["%", None]
        assert units("sensor", "nope") == units("number", "energy") == []
        assert units("number", "temperature") == ["K", "°C", "°F"]


def test_classes_of_numbers_and_units_of_the_weather(server: HomeServer):
    """What the entity settings of a front end offer."""
    with server.websocket() as client:
        classes = client.command("sensor/numeric_device_classes")["result"]["numeric_device_classes"]
        assert len(classes) == 53
        assert "timestamp" not in classes
        assert client.command("weather/convertible_units")["result"]["units"]["temperature_unit"] == ["°C", "°F"]
