"""Tests of the forum: real databases, real servers on loopback, a real browser. `python -m tests` runs them."""
