"""The components of MQTT discovery, a file each, found by name: schema, topics, payloads, commands."""
