"""The API of sanctions: for the desk, and for the person concerned."""
