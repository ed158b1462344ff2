"""Proof as values: what speaks against a picture, what was drawn for an audit, how units stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from plugins.lapor.contracts.owner import AgencyRef
from plugins.lapor.contracts.view import PhotoView

Proof = Literal["none", "photo", "document", "photo_or_document"]
Weight = Literal["note", "doubt", "serious"]
Verdict = Literal["genuine", "doubtful", "false"]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A suspicion about a photo or document. `other` is the number of the other case, "" when there is
    none or the reader may not open it; `state` open, accepted (fine) or rejected (proof refused)."""

    id: UUID
    code: str
    weight: Weight
    state: Literal["open", "accepted", "rejected"]
    photo_id: UUID | None
    document_id: UUID | None
    evidence: Mapping[str, Any]
    other: str
    reason: str
    by: str
    at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in the list of the desk, with its case."""

    finding: FindingView
    number: str
    title: str
    agency: AgencyRef | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of an answer. `open` is False while it is not checked or does something by itself."""

    id: UUID
    state: Literal["waiting", "ready", "rejected"]
    reason: str
    size: int
    pages: int
    at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """What a case's page shows of its proof: photos before and after, documents, findings.

    `unused` holds the photos of which nothing like it was found anywhere in the tenant.
    """

    before: Sequence[PhotoView]
    after: Sequence[PhotoView]
    documents: Sequence[DocumentView]
    findings: Sequence[FindingView]
    unused: frozenset[UUID]
    no_work: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A closing that was drawn, with its case."""

    id: UUID
    number: str
    title: str
    agency: AgencyRef | None
    cause: Literal["sample", "finding"]
    closed_how: str
    rate: int
    verdict: Verdict | Literal[""]
    reason: str
    by: str
    drawn_at: datetime
    judged_at: datetime | None
    complaint_id: UUID


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """How a unit's answers held, over some months; every other number is out of `answers`."""

    agency: AgencyRef
    answers: int
    refused: int
    rejected: int
    no_work: int
    false_closings: int
