"""What was, kept beside what is: rows before a step, and which steps may still be taken back."""
