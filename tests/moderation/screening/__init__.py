"""Screening phases: what they hold, and what they must not."""
