"""Schema migrations, one file a step: `nnnn_what.py` with `migrate(db)`. How they run: `marge.storage.migrate`."""
