"""Starlette and Jinja glue: who asks, in which language, from where, how often, and how the answer is dressed."""
