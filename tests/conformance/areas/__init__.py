"""One file an area of the recording: `AREA` says where its rows may differ, and why."""
