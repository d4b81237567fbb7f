"""Moderation of the forum's comments: a client of `forum`, never known to it."""
