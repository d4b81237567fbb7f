"""What moderation tells people: authors, reporters, who is under a measure, and the moderators themselves."""
