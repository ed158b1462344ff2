"""Other registers: what they have to hear, what they tell, and whether both sides agree."""
