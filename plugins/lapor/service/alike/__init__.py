"""Which reports are alike: what each is compared by, and how much two have in common."""
