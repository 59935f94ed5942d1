"""The ordinary day of the demo home, as data. It ends with the home as it began. Not here: how it is played."""

from __future__ import annotations

from marge.simulate.day.expectations import AnyNumber, Expectation, Near, Notified, Shows
from marge.simulate.day.steps import Chapter, Command, Fire, Physical, Power, Step, Stimulus, Tell

LIGHTS = tuple(
    f"light.{name}"
    for name in (
        "bedroom", "bathroom", "kitchen", "living_room_main", "living_room_accent", "living_room_lamp",
        "living_room_floor", "porch", "pathway",
    )
)  # fmt: skip
LOCKS = ("lock.front_door", "lock.back_door")
DETECTORS = {
    "Entryway Motion": ("binary_sensor.entryway_motion", {"occupancy": False}),
    "Kitchen Motion": ("binary_sensor.kitchen_motion", {"occupancy": False}),
    "Living Room Motion": ("binary_sensor.living_room_motion", {"occupancy": False}),
    "Bedroom Motion": ("binary_sensor.bedroom_motion", {"occupancy": False}),
    "Front Door Contact": ("binary_sensor.front_door_contact", {"contact": True}),
    "Back Door Contact": ("binary_sensor.back_door_contact", {"contact": True}),
    "Garage Door": ("binary_sensor.garage_door_contact", {"contact": True}),
    "Smoke Detector": ("binary_sensor.smoke_detector", {"smoke": False}),
    "CO Detector": ("binary_sensor.co_detector", {"carbon_monoxide": False}),
}
"""Device to its entity, and to what it says when nothing is the matter."""
MAINS_SENSORS = ("sensor.power_consumption", "sensor.voltage", "sensor.current")
BATTERY_SENSORS = tuple(
    f"sensor.{room}_{quantity}"
    for room, quantities in {
        "bedroom": ("temperature", "humidity"),
        "kitchen": ("temperature", "humidity"),
        "living_room": ("temperature", "humidity"),
        "bathroom": ("temperature", "humidity"),
        "entryway": ("temperature",),
        "exterior": ("temperature", "humidity"),
    }.items()
    for quantity in quantities
)
MAINS = (*LIGHTS, "switch.coffee_maker", "climate.thermostat", *MAINS_SENSORS)

SECURITY_ALERT = "security_motion_alert"
LOCK_ALERT = "lock_verification_alert"


def one(entity_id: str, state: object = None, **attributes: object) -> Shows:
    """One entity shows a state and attributes."""
    return Shows((entity_id,), state, attributes)


def service(name: str, entity_id: str | tuple[str, ...] | None = None, **data: object) -> Command:
    """`service("light.turn_on", "light.porch", brightness=100)`."""
    domain, _, verb = name.partition(".")
    targets = list(entity_id) if isinstance(entity_id, tuple) else entity_id
    return Command(domain, verb, data if targets is None else {"entity_id": targets, **data})


def dismissed(notification_id: str) -> Command:
    """Somebody has read the notification."""
    return service("persistent_notification.dismiss", notification_id=notification_id)


DARK = Shows(LIGHTS, "off", label="all nine lights off")
LOCKED = Shows(LOCKS, "locked", label="both doors locked")
HUSH = Shows(tuple(entity_id for entity_id, _ in DETECTORS.values()), "off", label="all nine detectors at rest")

AT_REST: tuple[Expectation, ...] = (
    DARK,
    LOCKED,
    HUSH,
    one("switch.coffee_maker", "off"),
    one("climate.thermostat", "heat", temperature=Near(66)),
    one("alarm_control_panel.home", "armed_home"),
    one("media_player.living_room", "off"),
    Shows((*BATTERY_SENSORS, *MAINS_SENSORS), AnyNumber(), label="all fourteen sensors measure"),
    one("device_tracker.phone", "home"),
    one("person.resident", "home"),
    one("input_select.house_mode", "Home"),
    one("input_boolean.guest_mode", "off"),
    one("input_number.evening_brightness", Near(180)),
    one("group.all_lights", "off"),
    Notified(SECURITY_ALERT, shown=False),
    Notified(LOCK_ALERT, shown=False),
)
"""How the day begins and ends."""

TO_REST: tuple[Stimulus, ...] = (
    Power(on=True),
    *(Physical(device, change) for device, (_, change) in DETECTORS.items()),
    Physical("Front Door", {"obstructed": False}),
    Physical("Back Door", {"obstructed": False}),
    service("light.turn_off", LIGHTS),
    service("switch.turn_off", "switch.coffee_maker"),
    service("lock.lock", LOCKS),
    service("climate.set_hvac_mode", "climate.thermostat", hvac_mode="heat"),
    service("climate.set_temperature", "climate.thermostat", temperature=66),
    service("alarm_control_panel.alarm_arm_home", "alarm_control_panel.home"),
    service("media_player.turn_off", "media_player.living_room"),
    service("input_select.select_option", "input_select.house_mode", option="Home"),
    service("input_boolean.turn_off", "input_boolean.guest_mode"),
    service("input_number.set_value", "input_number.evening_brightness", value=180),
    Tell("device_tracker.phone", "home"),
    dismissed(SECURITY_ALERT),
    dismissed(LOCK_ALERT),
)
"""Whatever was going on: this brings the home to rest."""

NIGHT = Chapter("night", (
    Step("00:30:00", "the home is at rest", TO_REST, AT_REST, within_s=20.0),
    Step("02:10:00", "somebody walks through the hall; the alarm is on home, so nobody is told",
         (Physical("Entryway Motion", {"occupancy": True}),),
         (one("binary_sensor.entryway_motion", "on"), Notified(SECURITY_ALERT, shown=False)), quiet_s=0.5),
    Step("02:12:00", "the hall is quiet again", (Physical("Entryway Motion", {"occupancy": False}),),
         (one("binary_sensor.entryway_motion", "off"),)),
))  # fmt: skip

DAWN = Chapter("dawn", (
    Step("05:30:00", "the house wakes up by the clock", (),
         (one("light.bedroom", "on", brightness=Near(51)), one("climate.thermostat", "heat", temperature=Near(70)),
          one("switch.coffee_maker", "on"), one("group.all_lights", "on"))),
))  # fmt: skip

MORNING = Chapter("morning", (
    Step("05:50:00", "feet in the kitchen, a hand on the light",
         (Physical("Kitchen Motion", {"occupancy": True}), service("light.turn_on", "light.kitchen", brightness=200)),
         (one("binary_sensor.kitchen_motion", "on"), one("light.kitchen", "on", brightness=Near(200)))),
    Step("06:20:00", "the evening shall be darker: a helper is set",
         (service("input_number.set_value", "input_number.evening_brightness", value=120),),
         (one("input_number.evening_brightness", Near(120)),)),
    Step("07:00:00", "the milk: front door unlocked by hand and opened",
         (Physical("Front Door", {"state": "UNLOCK"}), Physical("Front Door Contact", {"contact": False}),
          Physical("Kitchen Motion", {"occupancy": False})),
         (one("lock.front_door", "unlocked"), one("binary_sensor.front_door_contact", "on"),
          one("binary_sensor.kitchen_motion", "off"))),
    Step("07:02:00", "front door closed", (Physical("Front Door Contact", {"contact": True}),),
         (one("binary_sensor.front_door_contact", "off"),)),
))  # fmt: skip

AWAY = Chapter("away", (
    Step("07:45:00", "the last one leaves: script", (service("script.leave_home"),),
         (DARK, one("group.all_lights", "off"), LOCKED, one("switch.coffee_maker", "off"),
          one("alarm_control_panel.home", "armed_away"), one("input_select.house_mode", "Away"))),
    Step("07:55:00", "the phone leaves too", (Tell("device_tracker.phone", "not_home"),),
         (one("device_tracker.phone", "not_home"), one("person.resident", "not_home"))),
    Step("10:15:00", "motion in the hall while everybody is away",
         (Physical("Entryway Motion", {"occupancy": True}),),
         (one("binary_sensor.entryway_motion", "on"), Notified(SECURITY_ALERT))),
    Step("10:20:00", "it was the cat; the alert is dismissed",
         (Physical("Entryway Motion", {"occupancy": False}), dismissed(SECURITY_ALERT)),
         (one("binary_sensor.entryway_motion", "off"), Notified(SECURITY_ALERT, shown=False))),
))  # fmt: skip

RETURN = Chapter("return", (
    Step("16:10:00", "the phone comes home", (Tell("device_tracker.phone", "home"),),
         (one("person.resident", "home"),)),
    Step("16:12:00", "disarmed, door open, kitchen lit as the helper says: script", (service("script.come_home"),),
         (one("alarm_control_panel.home", "disarmed"), one("lock.front_door", "unlocked"),
          one("light.kitchen", "on", brightness=Near(120)), one("input_select.house_mode", "Home"))),
    Step("16:15:00", "in through the hall: no alert any more", (Physical("Entryway Motion", {"occupancy": True}),),
         (one("binary_sensor.entryway_motion", "on"), Notified(SECURITY_ALERT, shown=False)), quiet_s=0.5),
    Step("16:20:00", "front door locked by hand",
         (Physical("Entryway Motion", {"occupancy": False}), Physical("Front Door", {"state": "LOCK"})),
         (one("binary_sensor.entryway_motion", "off"), LOCKED)),
))  # fmt: skip

SUNSET = Chapter("sunset", (
    Step("sunset", "the sun sets: lights outside, the evening scene inside", (),
         (Shows(("light.porch", "light.pathway"), "on", label="porch and pathway on"),
          one("light.living_room_main", "on", brightness=Near(180)),
          one("light.living_room_accent", "on", brightness=Near(120), color_mode="xy"),
          one("light.living_room_lamp", "on", brightness=Near(150)),
          one("light.living_room_floor", "on", brightness=Near(80)),
          one("media_player.living_room", "on", source="Music")), within_s=30.0),
))  # fmt: skip

GOODNIGHT = Chapter("goodnight", (
    Step("22:20:00", "the back door stays ajar and its bolt cannot move",
         (Physical("Back Door", {"state": "UNLOCK", "obstructed": True}),
          Physical("Back Door Contact", {"contact": False})),
         (one("lock.back_door", "unlocked"), one("binary_sensor.back_door_contact", "on"))),
    Step("22:30:00", "the button by the bed: night, and a word about the back door",
         (service("button.press", "button.bedside"),),
         (DARK, one("lock.front_door", "locked"), one("climate.thermostat", "heat", temperature=Near(66)),
          one("alarm_control_panel.home", "armed_night"), one("media_player.living_room", "off"),
          one("switch.coffee_maker", "off"), one("lock.back_door", "unlocked"), Notified(LOCK_ALERT))),
    Step("22:35:00", "the back door is shut and locked, the alert dismissed",
         (Physical("Back Door", {"obstructed": False}), Physical("Back Door Contact", {"contact": True}),
          service("lock.lock", "lock.back_door"), dismissed(LOCK_ALERT)),
         (LOCKED, one("binary_sensor.back_door_contact", "off"), Notified(LOCK_ALERT, shown=False))),
    Step("22:40:00", "up once more: disarmed",
         (service("alarm_control_panel.alarm_disarm", "alarm_control_panel.home"),),
         (one("alarm_control_panel.home", "disarmed"),)),
    Step("22:45:00", "the button's event again, with every door locked: no alert",
         (Fire("bedside_button_pressed"),),
         (one("alarm_control_panel.home", "armed_night"), LOCKED, Notified(LOCK_ALERT, shown=False)), quiet_s=0.5),
))  # fmt: skip

EMERGENCY = Chapter("emergency", (
    Step("23:05:00", "smoke: every light full, doors unlocked, alarm off",
         (Physical("Smoke Detector", {"smoke": True}),),
         (one("binary_sensor.smoke_detector", "on"),
          Shows(LIGHTS, "on", {"brightness": Near(255)}, label="all nine lights at full brightness"),
          Shows(LOCKS, "unlocked", label="both doors unlocked"), one("alarm_control_panel.home", "disarmed"))),
    Step("23:15:00", "it was the toast; good night again",
         (Physical("Smoke Detector", {"smoke": False}), Fire("bedside_button_pressed")),
         (one("binary_sensor.smoke_detector", "off"), DARK, LOCKED, one("alarm_control_panel.home", "armed_night"))),
))  # fmt: skip

OUTAGE = Chapter("power outage", (
    Step("23:25:00", "the porch light is on", (service("light.turn_on", "light.porch", brightness=100),),
         (one("light.porch", "on", brightness=Near(100)),)),
    Step("23:30:00", "the power fails; what has a battery goes on", (Power(on=False),),
         (Shows(MAINS, "unavailable", label="all on the mains unavailable"), LOCKED, HUSH,
          one("alarm_control_panel.home", "armed_night"),
          Shows(BATTERY_SENSORS, AnyNumber(), label="sensors on batteries measure"))),
    Step("23:32:00", "a detector on its battery still tells", (Physical("Bedroom Motion", {"occupancy": True}),),
         (one("binary_sensor.bedroom_motion", "on"),)),
    Step("23:40:00", "the power is back, and everything as it was before",
         (Power(on=True), Physical("Bedroom Motion", {"occupancy": False})),
         (one("light.porch", "on", brightness=Near(100)),
          Shows(tuple(light for light in LIGHTS if light != "light.porch"), "off", label="the other eight lights off"),
          one("switch.coffee_maker", "off"), one("climate.thermostat", "heat", temperature=Near(66)),
          Shows(MAINS_SENSORS, AnyNumber(), label="the meter measures"), HUSH)),
))  # fmt: skip

END = Chapter("end of the day", (
    Step("23:50:00", "everything as it began",
         (service("light.turn_off", "light.porch"),
          service("alarm_control_panel.alarm_arm_home", "alarm_control_panel.home"),
          service("input_number.set_value", "input_number.evening_brightness", value=180)),
         AT_REST),
))  # fmt: skip

ORDINARY_DAY = (NIGHT, DAWN, MORNING, AWAY, RETURN, SUNSET, GOODNIGHT, EMERGENCY, OUTAGE, END)
