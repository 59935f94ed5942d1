"""Small helpers without state and without imports of the rest of Marge."""
