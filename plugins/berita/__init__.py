"""News and announcements of a government."""
