"""What one plugin offers another to call: a port is declared in the contracts, its value at boot.

    # plugins/lapor/contracts/door.py
    class Door(Protocol):
        def submit(self, draft: Draft, ...) -> Receipt: ...
    DOOR: Port[Door] = Port("lapor", "door")

    # plugins/whatsapp/service.py
    receipt = use(DOOR).submit(draft, idempotency_key=key)

Hooks let others extend a plugin; ports let others use it. Both keep to what the tenant switched on.
"""

from __future__ import annotations

from typing import TypeVar, cast

from superapp.context import current_tenant
from superapp.errors import Unavailable
from superapp.plugin.contracts import Port
from superapp.plugin.registry import registry

T = TypeVar("T")


def use(port: Port[T]) -> T:
    """What the open tenant's plugin offers under `port`.

    Raises Unavailable when the plugin is off for the tenant, out of service, or offers no such thing.
    """
    made = registry()
    value = made.ports.get((port.plugin, port.name))
    on = port.plugin in current_tenant().enabled and port.plugin not in made.quarantined
    if value is None or not on:
        raise Unavailable(f"Layanan {port.plugin} tidak aktif di sini.", "Nyalakan layanan itu lebih dahulu.")
    return cast(T, value())
