"""`python -m forum`: the same as `imrf-forum`."""

from forum.cli import app

app()
