"""Functions, filters and tests of the template language, a file a theme; each has one `install(book, home)`."""
