"""Near-identical texts: each revision has a signature, and those that share a band of it are looked at more closely."""
