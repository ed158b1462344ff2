"""A province and its cities on one host: cases handed over and back by consent of both, and followed."""
