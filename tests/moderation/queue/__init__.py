"""The queue: what is found, counted, kept and decided together."""
