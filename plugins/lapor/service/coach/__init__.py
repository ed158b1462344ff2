"""Coaching a report instead of refusing it: questions, answers, hints, reasons, and who waits for an answer."""
