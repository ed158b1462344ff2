"""Conversations: one understanding of what citizens write, for all messaging channels."""
