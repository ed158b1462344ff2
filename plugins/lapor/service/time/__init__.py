"""Time limits and the clocks that run by them."""
