"""One incident, many voices: gathering, parting, undoing, joining, and one answer for all."""
