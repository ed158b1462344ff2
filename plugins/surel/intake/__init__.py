"""Mail that comes in: read, judged, taken as a report, a reply or a question, and answered once."""
