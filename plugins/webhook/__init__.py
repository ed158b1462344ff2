"""Webhooks: other systems of a government hear at once what happened, signed, in order, once each."""
