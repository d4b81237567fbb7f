"""The JSON API of spaces and comments, as `/api/v1/openapi.json` describes it."""
