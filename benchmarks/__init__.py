"""Benchmarks: `python -m benchmarks [NAME …]` measures and prints ratios to a yardstick taken in the same run.

The servers run in processes of their own and so does the load client; this process seeds, commands and counts. Absolute figures depend
on the machine and its neighbours, ratios much less: quote the ratio with its spread, never a time alone.
"""
