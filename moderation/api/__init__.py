"""The JSON API of the moderators, as `/api/v1/openapi.json` describes it."""
