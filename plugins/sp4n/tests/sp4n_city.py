"""A government that is connected with a sandbox, and a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plugins.lapor import service
from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.contracts.outside import Destination
from plugins.lapor.service.outside import pulling, sending
from plugins.sp4n.sandbox import Sandbox
from superapp.context import Tenant

DRAFT = Draft(
    kind="complaint",
    title="Lubang di depan pasar",
    body="Ada lubang dalam di depan pasar sejak Senin, motor sering jatuh.",
    category="ROAD.POTHOLE",
    location=Location(-8.6705, 115.2126, "Jalan Uji 12", "51.71.01.1001"),
    reporter=Contact("Pelapor Contoh", "081234567890", "pelapor@uji.example"),
)


@dataclass
class City:
    """A tenant in whose scope the test runs, and its connection."""

    tenant: Tenant
    there: Destination
    sandbox: Sandbox

    def send(self) -> None:
        """What is due leaves."""
        sending.deliver(self.there.id)

    def hear(self) -> None:
        """What is new comes in."""
        pulling.pull(self.there.id)

    def case(self, complaint_id: UUID) -> Any:
        """A case as the desk sees it."""
        return service.desk_view(complaint_id).case

    def theirs(self) -> Any:
        """The newest report of the nation."""
        return self.sandbox.nation.reports("uji-a")[-1]
