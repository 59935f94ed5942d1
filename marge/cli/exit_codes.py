"""What the process's exit code says. Documented in docs/install.md."""

OK = 0
CANNOT_START = 1
"""The request was understood and could not be done now: a port is in use, the server does not answer."""
BAD_INPUT = 2
"""Wrong arguments, or a configuration with which running would be dangerous."""
INTERNAL_FAILURE = 70
"""A fault of Marge itself; the init system should start it again."""
INTERRUPTED = 130
