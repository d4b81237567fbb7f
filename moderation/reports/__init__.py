"""Reports by participants, as moderators and as those who reported read them."""
