"""Who may see what of a report: the declared table that test_secrecy_matrix walks. Read it as documentation.

Rows are views, as somebody in a role looks at them; columns are the ways in which a report can be sent.
`anonim` hides who, `rahasia` hides what, and a whistle-blower's report hides that it exists.
"""

from __future__ import annotations

WHO = frozenset({"name", "phone", "email", "nik"})
WHAT = frozenset({"title", "body", "address", "point", "photos", "answers", "number"})
LINE = frozenset({"title", "address", "number"})  # a row in a list of the desk
NEWS = frozenset({"title", "number"})  # a row in a public list
PUBLIC = WHAT - {"answers"}  # these answers were not marked as public by the category
NUMBER = frozenset({"number"})
NONE: frozenset[str] = frozenset()

FLAGS = {
    "plain": {},
    "anonim": {"anonymous": True},
    "rahasia": {"secret": True},
    "both": {"anonymous": True, "secret": True},
    "whistle": {"whistle": True},
}
# Role, its unit, its area: the report is handled by DLHK, the whistle-blower's by INSPEKTORAT.
ROLES = {
    "coordinator": ("coordinator", "DISKOMINFO", ""),
    "unit": ("liaison", "DLHK", ""),
    "other unit": ("liaison", "DPUPR", ""),
    "village": ("operator", "", "51.71.01"),
    "other village": ("operator", "", "51.71.02"),
    "leader": ("leader", "", ""),
    "auditor": ("auditor", "", ""),
    "inspector": ("inspector", "INSPEKTORAT", ""),
    "inspectorate's clerk": ("liaison", "INSPEKTORAT", ""),
    "admin": ("admin", "", ""),
}


def by_flag(plain, anonim, rahasia, both, whistle) -> dict:
    """One value for each way of sending a report."""
    return dict(zip(FLAGS, (plain, anonim, rahasia, both, whistle), strict=True))


OPEN_ONLY, ALL_BUT_WHISTLE = (1, 1, 0, 0, 0), (1, 1, 1, 1, 0)
WHISTLE_ONLY, NOTHING = (0, 0, 0, 0, 1), (0, 0, 0, 0, 0)
# Which reports a role has at all: plain, anonim, rahasia, both, whistle.
REACH = {
    "coordinator": ALL_BUT_WHISTLE,
    "unit": ALL_BUT_WHISTLE,
    "other unit": NOTHING,
    "village": OPEN_ONLY,
    "other village": NOTHING,
    "leader": OPEN_ONLY,
    "auditor": OPEN_ONLY,
    "inspector": WHISTLE_ONLY,
    "inspectorate's clerk": NOTHING,
    "admin": NOTHING,
}


def reaching(role: str, fields: frozenset[str]) -> dict[str, frozenset[str]]:
    """These fields of the reports that a role reaches, nothing of the others."""
    return {flag: fields if seen else NONE for flag, seen in zip(FLAGS, REACH[role], strict=True)}


def declared() -> dict[str, dict[str, frozenset[str]]]:
    """View -> flags -> fields that are seen there; anything else is a leak, anything less a fault."""
    table = {
        # Everybody.
        "public lists": by_flag(NEWS, NEWS, NONE, NONE, NONE),
        "public page": by_flag(PUBLIC, PUBLIC, NONE, NONE, NONE),
        "public API": by_flag(PUBLIC, PUBLIC, NONE, NONE, NONE),
        # The reporter, with the ticket: the own page, the own data, the copy to download.
        "own page": by_flag(*[WHO | WHAT] * 5),
        "own data": by_flag(*[WHO | NUMBER] * 5),
        "own copy": by_flag(*[WHO | (WHAT - {"photos"})] * 5),
        # Whoever proves the identity to the operator gets a copy of all, also of what was anonymous.
        "person export": by_flag(*[WHO | (WHAT - {"photos"})] * 5),
        # What leaves the house.
        "mail to a unit": by_flag(NEWS, NEWS, NUMBER, NUMBER, NUMBER),
        "mail to the reporter": by_flag(*[NUMBER | {"email"}] * 5),  # the address it is sent to
        "tenant export": by_flag(*[NONE] * 5),
        # What lies in the machine: arguments of events and jobs, lines of logs, the tables of the case side.
        "event arguments": by_flag(*[NUMBER] * 5),
        "job arguments": by_flag(*[NUMBER | {"photos"}] * 5),  # the id of a picture to develop
        "logs": by_flag(*[NONE] * 5),
        "case tables": by_flag(*[WHAT] * 5),
        "vault tables": by_flag(*[NONE] * 5),
        # A program with every right of LAPOR: never who, never a whistle-blower's.
        "API with a key": by_flag(WHAT, WHAT, WHAT, WHAT, NONE),
    }
    for role in ROLES:
        table[f"lists: {role}"] = reaching(role, LINE)
        table[f"case: {role}"] = reaching(role, WHAT)
        table[f"words: {role}"] = reaching(role, LINE)  # searching for a word that stands in every title
        table[f"persons: {role}"] = by_flag(*[NONE] * 5)  # searching for name, phone, e-mail and NIK
        table[f"log: {role}"] = by_flag(
            *[NONE] * 5
        )  # who opened identities: a number, never what it is about
        table[f"number: {role}"] = by_flag(*[NONE] * 5)  # searching by a phone number, for a purpose
        table[f"identity: {role}"] = by_flag(*[NONE] * 5)  # opening who it is, for a purpose
    table["number: coordinator"] = by_flag(NEWS, NONE, NEWS, NONE, NONE)
    table["identity: coordinator"] = by_flag(*[WHO | WHAT] * 4, NONE)  # on the case's own page
    table["log: auditor"] = by_flag(*[NUMBER] * 4, NONE)
    table["log: inspector"] = by_flag(*[NUMBER] * 5)
    table["lists: admin"] = by_flag(*[NUMBER] * 4, NONE)  # in the host's trail
    # Only who investigates, and only after a colleague consented.
    table["identity by two: inspector"] = by_flag(*[NONE] * 4, WHO)
    return table


# Whether one more report changes a number that a role can read: on the inbox's tabs, or the figures of all.
COUNTED = {role: dict(zip(FLAGS, map(bool, REACH[role]), strict=True)) for role in ROLES} | {
    "everybody's figures": by_flag(True, True, True, True, False),  # type: ignore[arg-type]
    # Those of villages are counted in their unit's boxes alone, which they have none of.
    "village": by_flag(*[False] * 5),
}
