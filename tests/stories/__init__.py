"""Stories: what people do with the whole forum, and what must not be seen while they do it."""
