"""Text that people write: from source to safe HTML, excerpts, names and languages. No database, no web."""
