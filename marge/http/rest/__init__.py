"""REST resources, a file each. A module with functions decorated by `@route` is found by its name."""
