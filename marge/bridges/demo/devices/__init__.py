"""The simulated devices, a file a domain. Each exposes `items(home)`."""
