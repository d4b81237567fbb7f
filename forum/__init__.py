"""The forum: formal, moderated online discussion for the round tables of the International Migration Review Forum."""
