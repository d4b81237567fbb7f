"""Pages about sanctions: the desk, one's own, and the one of somebody who cannot sign in."""
