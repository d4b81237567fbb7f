"""Figures of moderation: kept a day at a time by what the facts say, shown to everybody so that nobody can be recognized in them."""
