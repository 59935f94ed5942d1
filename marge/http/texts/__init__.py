"""Texts and icons that front ends ask for: a folder a language with a JSON file a category, and one file of icons.

Their shape is HA's; the words are Marge's own. `made.json` of a language has the words for what Marge says elsewhere in
English: names and descriptions of services and their fields, and what is made of ids.
"""
