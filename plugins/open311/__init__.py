"""Open311 GeoReport v2: other apps and systems report here and follow what they reported."""
