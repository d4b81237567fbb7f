"""The load client: a process of its own, `python -m benchmarks.load`, so that nobody else's work delays its clock.

It reads one command a line as JSON from its standard input and answers each with one line of JSON. It is made to cost little: requests
are bytes made beforehand, answers are counted by their length, frames are searched for a mark and never parsed while a clock runs.
"""
