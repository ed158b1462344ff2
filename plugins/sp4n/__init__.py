"""SP4N-LAPOR!, the national complaints system, as one more register beside a government's own.

Reports are pushed with their category, their flags and what follows; what the nation gives to this
government, its answers and its reporters' words are pulled. Two transports stand behind one port:
`modern` speaks JSON as a contract file says, `legacy` the older XML that is publicly described.

Verified against the real system: nothing yet. Its present API is not public. Everything here was
tried with the sandbox of this plugin alone (`superapp sp4n sandbox`); a government that was given an
account writes its own contract at the desk and tries it there.
"""
