"""The audit: what moderators account for."""
