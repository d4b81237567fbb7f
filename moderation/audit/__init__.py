"""Moderators account for what they do: every act of the spaces they moderate, from the record, to read, to export and to check."""
