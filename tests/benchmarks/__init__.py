"""The benchmarks measure, and say so truly."""
