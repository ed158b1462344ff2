"""What can be done with messages and the purse: take in, hear, queue, send, count, look at, forget."""
