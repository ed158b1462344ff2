"""Finding the kind of matter and the unit that owns it."""
