"""The functions, filters and tests of the template language, a file a theme. Each theme has one `install(book, home)`."""
