"""Who has a case: parts of several units, handing onward, outside owners, rules and reorganisations."""
