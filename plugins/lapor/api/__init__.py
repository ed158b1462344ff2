"""The API of complaints, for apps and other systems."""
