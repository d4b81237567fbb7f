"""Moderation: decisions, claims, the queue, the desk's pages and API."""
