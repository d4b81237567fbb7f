"""Sanctions: what the team does about a person rather than about a text, always with a reason, an end and a way to appeal."""
