"""Full-text search: one analyser, two engines (FTS5 of SQLite, tsvector of PostgreSQL) behind one index. It knows no feature.

A feature turns its facts into documents and says in SQL which of them a reader may see now; the index holds identifiers and tokens,
no right and no text that is shown.
"""
