"""What stands behind `plugins.lapor.contracts.outside.OUTSIDE`: the services themselves, under its names."""

from plugins.lapor.service.outside.compare import refs
from plugins.lapor.service.outside.compose import photo
from plugins.lapor.service.outside.destinations import connect, destinations, disconnect
from plugins.lapor.service.outside.numbers import ref
from plugins.lapor.service.outside.taking import take

__all__ = ["connect", "destinations", "disconnect", "photo", "ref", "refs", "take"]
