"""`/api/integrations`: families of devices, a file each. A module with a `FAMILY` is in the list."""
