"""The other way round: sending chosen cases to another GeoReport server, and following them there."""
