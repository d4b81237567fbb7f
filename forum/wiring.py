APPS = {
    "forum": {
        "models": ["forum.record.models", "forum.people.models", "forum.discussions.models"],
        "default_connection": "default",
        "migrations": "forum.db.migrations",
    },
    "moderation": {
        "models": ["moderation.models"],
        "default_connection": "default",
        "migrations": "moderation.migrations",
    },
}
TORTOISE = None
