"""What citizens see and do."""
