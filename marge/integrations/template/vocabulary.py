"""Words that forms offer: device classes, units, state classes. Data, as HA's frontend knows them."""

SENSOR_UNITS = (
    "%", "A", "B", "B/s", "BTU/(h⋅ft²)", "Beaufort", "CCF", "EB", "EiB", "GB", "GB/s", "GHz", "GJ", "GW", "GWh",
    "Gbit", "Gbit/s", "Gcal", "GiB", "GiB/s", "Hz", "J", "K", "KiB", "KiB/s", "L", "L/min", "MB", "MB/s", "MHz", "MJ",
    "MV", "MW", "MWh", "Mbit", "Mbit/s", "Mcal", "MiB", "MiB/s", "PB", "Pa", "PiB", "S/cm", "TB", "TW", "TWh", "TiB",
    "V", "VA", "W", "W/m²", "Wh", "YB", "YiB", "ZB", "ZiB", "ac", "bar", "bit", "bit/s", "cal", "cbar", "cm", "cm²",
    "d", "dB", "dBA", "dBm", "fl. oz.", "ft", "ft/s", "ft²", "ft³", "ft³/min", "g", "gal", "gal/min", "h", "hPa",
    "ha", "in", "in/d", "in/h", "in/s", "inHg", "in²", "kB", "kB/s", "kHz", "kJ", "kPa", "kV", "kW", "kWh",
    "kWh/100km", "kbit", "kbit/s", "kcal", "kg", "km", "km/h", "km/kWh", "km²", "kn", "lb", "lx", "m", "m/s", "mA",
    "mL", "mL/s", "mS/cm", "mV", "mW", "mWh", "mbar", "mg", "mg/dL", "mi", "mi/kWh", "min", "mi²", "mm", "mm/d",
    "mm/h", "mm/s", "mmHg", "mmol/L", "mm²", "mph", "ms", "m²", "m³", "m³/h", "nmi", "oz", "ppb", "ppm", "psi", "s",
    "st", "var", "yd", "yd²", "°", "°C", "°F", "µS/cm", "µV", "µg", "µg/m³", "μs",
)
SENSOR_DEVICE_CLASSES = (
    "date", "timestamp", "apparent_power", "aqi", "area", "atmospheric_pressure", "battery",
    "blood_glucose_concentration", "carbon_monoxide", "carbon_dioxide", "conductivity", "current", "data_rate",
    "data_size", "distance", "duration", "energy", "energy_distance", "energy_storage", "frequency", "gas",
    "humidity", "illuminance", "irradiance", "moisture", "monetary", "nitrogen_dioxide", "nitrogen_monoxide",
    "nitrous_oxide", "ozone", "ph", "pm1", "pm10", "pm25", "power_factor", "power", "precipitation",
    "precipitation_intensity", "pressure", "reactive_power", "signal_strength", "sound_pressure", "speed",
    "sulphur_dioxide", "temperature", "volatile_organic_compounds", "volatile_organic_compounds_parts", "voltage",
    "volume", "volume_storage", "volume_flow_rate", "water", "weight", "wind_direction", "wind_speed",
)
STATE_CLASSES = ("measurement", "measurement_angle", "total", "total_increasing")
BINARY_SENSOR_DEVICE_CLASSES = (
    "battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat",
    "light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "problem",
    "running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window",
)
BUTTON_DEVICE_CLASSES = ("identify", "restart", "update")
