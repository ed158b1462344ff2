"""Civic services, each in a room of its own."""
