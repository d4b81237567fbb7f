"""Reference data of the review forum: objectives, principles, round tables, States, stakeholder groups, neutral texts.

Plain facts read once from the JSON files in `data/`; nothing here touches the database.
"""
