"""The files of the recorded home: one helper of each kind, an automation, a script, a scene, simulated devices."""

CONFIGURATION = """
homeassistant:
  name: Home
  latitude: 40.39
  longitude: -111.85
  elevation: 1387
  unit_system: us_customary
  time_zone: America/Denver
  currency: USD
  country: US
sun:
person:
demo:
input_boolean: {guest: {name: Guest mode}}
input_number: {target: {name: Target, min: 0, max: 100, step: 1}}
input_select: {mode: {name: Mode, options: [home, away, night]}}
input_text: {note: {name: Note}}
input_datetime: {wake: {name: Wake, has_time: true, has_date: false}}
input_button: {press: {name: Press}}
counter: {c: {}}
timer: {t: {duration: "00:00:05"}}
schedule:
group: {all_lights: {name: All lights, entities: [light.bed_light, light.ceiling_lights]}}
template:
  - sensor:
      - {name: Tmpl, state: "{{ states('input_number.target') }}", unit_of_measurement: W, device_class: power,
         state_class: measurement}
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
"""

FILES = {
    "automations.yaml": """
- id: auto1
  alias: Guest light
  description: test
  triggers: [{trigger: state, entity_id: input_boolean.guest, to: "on"}]
  conditions: []
  actions: [{action: input_text.set_value, target: {entity_id: input_text.note}, data: {value: guest}}]
  mode: single
""",
    "scripts.yaml": """
greet:
  alias: Greet
  fields: {who: {description: Who, example: Bob}}
  sequence:
    - variables: {r: {value: hello}}
    - {stop: done, response_variable: r}
  mode: single
""",
    "scenes.yaml": """
- {id: scene1, name: Evening, icon: "mdi:weather-night", entities: {input_boolean.guest: {state: "on"}}}
""",
}

MQTT_CONFIGURATION = """
homeassistant:
  name: Home
  latitude: 40.39
  longitude: -111.85
  elevation: 1387
  unit_system: us_customary
  time_zone: America/Denver
  currency: USD
  country: US
zone:
  - {name: Work, latitude: 40.50, longitude: -111.90, radius: 200, icon: "mdi:briefcase"}
"""
"""What the recording of MQTT was made with, as far as its rows depend on it."""
