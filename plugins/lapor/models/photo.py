"""Pictures of a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from plugins.lapor.models.columns import LAPOR, maybe_moment, moment, words
from superapp.sdk import Base, TenantScoped, key, tenant_fk


class Photo(TenantScoped, Base):
    """A picture: `raw` is what was sent, `full` and `thumb` what the worker made of it.

    `original` is the uncovered picture once parts of `full` are covered; `distance_m` lies between where
    it was taken and the report's point.
    """

    __tablename__ = "photo"
    __table_args__ = (tenant_fk("complaint_id", to="lapor.complaint"), LAPOR)

    id: Mapped[UUID] = key()
    complaint_id: Mapped[UUID]
    event_id: Mapped[UUID | None]
    stage: Mapped[str] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = words("waiting")
    reason: Mapped[str] = words()
    mimetype: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[str] = words()
    full: Mapped[str] = words()
    thumb: Mapped[str] = words()
    original: Mapped[str] = words()
    review: Mapped[str] = words("none")
    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    taken_at: Mapped[datetime | None] = maybe_moment()
    lat: Mapped[float | None] = mapped_column(Float)
    lng: Mapped[float | None] = mapped_column(Float)
    distance_m: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = moment()
