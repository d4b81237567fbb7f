"""Near-identical texts."""
