"""Notices: what the forum tells one person, on a page of theirs and, where they want it, by mail. It knows no feature of the forum."""
