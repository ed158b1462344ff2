"""What can be done with messages: take in, hear, queue, send, look at, forget."""
