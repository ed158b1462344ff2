"""One sentence: what this service gives to citizens."""
