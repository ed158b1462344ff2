"""The officers' desk: pages, forms and what they show."""
