"""Learning who owns what from officers' decisions. Worker and command line only: the web never comes here."""
