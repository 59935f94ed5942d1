"""The forms of the template helper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marge.integrations import forms
from marge.integrations._helper_flow import Fields, HelperForm, helper_flows
from marge.integrations.forms import Field
from marge.integrations.template import vocabulary

TYPE_KEY = "template_type"
_NAME = Field("name", forms.text(), required=True, once=True)
_DEVICE = Field("device_id", forms.device())


def _dropdown(options: Sequence[str], translation_key: str, custom_value: bool = False) -> forms.Selector:
    return forms.select(
        options, mode="dropdown", translation_key=translation_key, sort=True, custom_value=custom_value
    )


def _template(name: str, required: bool = True) -> Field:
    return Field(name, forms.template(), required=required)


def _action(name: str, required: bool = False) -> Field:
    return Field(name, forms.action(), required=required)


def _form(*fields: Field, preview: bool = True) -> HelperForm:
    def make(_own: tuple[str, ...]) -> Sequence[Field]:
        return (_NAME, *fields, _DEVICE)

    asked: Fields = make
    return HelperForm(asked, preview="template" if preview else None)


FORMS: Mapping[str, HelperForm] = {
    "alarm_control_panel": _form(
        _template("value_template", required=False),
        *(
            _action(name)
            for name in (
                "disarm", "arm_away", "arm_custom_bypass", "arm_home", "arm_night", "arm_vacation", "trigger",
            )
        ),
        Field("code_arm_required", forms.boolean(), default=True),
        Field(
            "code_format",
            forms.select(
                ("no_code", "number", "text"), mode="dropdown", translation_key="alarm_control_panel_code_format"
            ),
            default="number",
        ),
    ),
    "binary_sensor": _form(
        _template("state"),
        Field(
            "device_class",
            _dropdown(vocabulary.BINARY_SENSOR_DEVICE_CLASSES, "binary_sensor_device_class"),
            once=True,
        ),
    ),
    "button": _form(
        _action("press"),
        Field("device_class", _dropdown(vocabulary.BUTTON_DEVICE_CLASSES, "button_device_class"), once=True),
        preview=False,
    ),
    "image": _form(
        _template("url"), Field("verify_ssl", forms.boolean(), default=True), preview=False
    ),
    "number": _form(
        _template("state"),
        Field("min", forms.number(step="any", mode="box"), required=True, default=0.0),
        Field("max", forms.number(step="any", mode="box"), required=True, default=100.0),
        Field("step", forms.number(step="any", mode="box"), required=True, default=1.0),
        Field("unit_of_measurement", forms.text(type="text")),
        _action("set_value", required=True),
    ),
    "select": _form(_template("state"), _template("options"), _action("select_option")),
    "sensor": _form(
        _template("state"),
        Field(
            "unit_of_measurement",
            _dropdown(vocabulary.SENSOR_UNITS, "sensor_unit_of_measurement", custom_value=True),
        ),
        Field("device_class", _dropdown(vocabulary.SENSOR_DEVICE_CLASSES, "sensor_device_class")),
        Field("state_class", _dropdown(vocabulary.STATE_CLASSES, "sensor_state_class")),
    ),
    "switch": _form(_template("value_template", required=False), _action("turn_on"), _action("turn_off")),
}

TemplateFlow, TemplateOptionsFlow = helper_flows(FORMS, TYPE_KEY)
