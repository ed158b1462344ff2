"""WhatsApp Cloud API as a door for citizens: what they write comes in, answers and notices go out."""
