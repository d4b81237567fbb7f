"""The live service: frames, rooms, delivery, joining, closing."""
