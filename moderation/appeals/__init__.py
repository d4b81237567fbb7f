"""Appeals, as moderators and the secretariat read them."""
