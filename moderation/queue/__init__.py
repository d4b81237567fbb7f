"""The queue: which cases wait, narrowed and counted, decided many at a time, and kept as a question to ask again."""
