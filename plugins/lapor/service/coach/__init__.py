"""Coaching a report instead of refusing it: questions, answers, hints, reasons, corrections, waiting."""
