"""The vault: who reported, kept apart from what was reported.

Three layers of keys: the host's secret wraps each government's key, that key wraps one key for each
person, and that one locks the person's name, numbers and addresses (`crypt`, `keys`, `people`). A
ciphertext is bound to government, table, column and row, so that one moved elsewhere opens nothing.
Destroying a person's key is what erases: what was locked with it stays noise, also in a copy.
"""
