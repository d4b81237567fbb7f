"""Benchmarks: `python -m benchmarks [NAME …]` measures and prints ratios to a yardstick taken in the same run.

The servers run in processes of their own; this process is the load client. Absolute figures depend on the machine and its neighbours,
ratios much less: quote the ratio with its spread, never a time alone.
"""
