"""Tests of forum/text: hostile text stays text."""
