"""A host on which regional governments run their citizens' super app, one tenant each."""
