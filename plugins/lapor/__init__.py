"""Public complaints: citizens report, agencies handle, the reporter closes."""
