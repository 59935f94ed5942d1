"""What people do in a browser, with the whole server behind it."""
