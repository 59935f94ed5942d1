"""The commands. A module with functions decorated by `@command` is found by its name."""
