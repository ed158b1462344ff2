"""Complaints that citizens write under leaders' posts: into the register, and into their writers' hands."""
