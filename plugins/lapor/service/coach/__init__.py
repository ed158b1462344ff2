"""Coaching a report instead of refusing it: questions, answers, hints, reasons, and the wait for answers."""
