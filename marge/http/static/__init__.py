"""Files that the front door serves as they are. No code here."""
