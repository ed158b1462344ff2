"""A conversation, its answers and a followed report that no other city may see; there are no addresses."""

from plugins.percakapan.contracts import CHAT, Incoming, Sender
from superapp.sdk import now, use

RECIPES = {}  # type: ignore[var-annotated]


def seed(token: str) -> dict[str, str]:
    """A report sent by conversation and another one begun."""
    sender = Sender("whatsapp", "6281200000001", "6281200000001", f"Warga {token}")
    said = [
        f"Got mampet {token} sejak Senin di Jalan Pipit No 3",
        "kirim",
        "baru",
        f"Sampah menumpuk {token}",
    ]
    for place, text in enumerate(said):
        use(CHAT).hear(sender, Incoming(f"{token}-{place}", now(), text))
    return {}
