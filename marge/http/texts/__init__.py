"""Texts and icons that front ends ask for: a JSON file a language, and one of icons. Their shape is HA's; the words are
Marge's own."""
