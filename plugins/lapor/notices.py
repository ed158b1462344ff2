"""What happened, in plain words for those who have to know: units, and reporters who gave an address."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor.clock import local_day
from plugins.lapor.events import CaseChanged
from plugins.lapor.models import CaseEvent, Complaint
from plugins.lapor.service import voice
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.deskwork import corrections
from plugins.lapor.service.outside import sending
from plugins.lapor.service.owners import receivers
from plugins.lapor.service.vault import letters
from plugins.lapor.settings import setting
from superapp.sdk import Event, Message, Tenant, address, directory, notify, session

TO_REPORTER = {
    "lapor.submitted": "Laporan Anda kami terima. Simpan nomor ini untuk mengikutinya.",
    "lapor.disposed": "Laporan Anda diteruskan ke {agency}, batas {due}.",
    "lapor.held": "Laporan Anda menunggu. {text}",
    "lapor.reminded": "Kami masih menunggu jawaban Anda sampai {until}: {question}",
    "lapor.answered": "{agency} menyatakan laporan Anda selesai. Anda yang menentukan, sampai {due}.",
    "lapor.closed": "Laporan Anda ditutup. Anda tetap bisa membukanya lagi.",
    "lapor.archived": "Laporan Anda diarsipkan. {text}",
    "lapor.clock_moved": "Batas laporan Anda menjadi {due}. {text}",
    "lapor.forwarded": "Laporan Anda kami teruskan ke {agency}, yang berwenang.",
}
TO_UNIT = {
    "lapor.disposed": "Laporan baru untuk unit Anda, tindak lanjut sampai {due}.",
    "lapor.replied": "Pelapor menambah keterangan.",
    "lapor.reopened": "Pelapor menyatakan belum selesai. Laporan ini didahulukan, batas {due}.",
    "lapor.proof_rejected": "Bukti jawaban belum diterima koordinator: {reason} Didahulukan, batas {due}.",
    "lapor.false_closing": "Pemeriksa menilai laporan ini belum selesai: {reason} Didahulukan, batas {due}.",
    "lapor.corrected": "Pelapor memperbaiki laporannya.",
    "lapor.moved": "Laporan ini beralih ke unit Anda: {document}.",
}
COPY = "Tembusan: laporan ini ditangani {agency}. Anda tidak perlu menjawabnya."
ONWARD = {
    "pass_on": "{by} meneruskan bagian laporan ini kepada unit Anda.",
    "report_up": "Unit di bawah Anda melapor selesai. Anda yang menjawab pelapor.",
    "hand_up": "Unit di bawah Anda mengembalikan bagian laporan ini: {text}",
}
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


def tell(tenant: Tenant, event: Event) -> None:
    """Turn an event of LAPOR into messages, and wake the sending to other registers. Runs in the worker."""
    if not isinstance(event, CaseChanged):
        return
    case = session().get(Complaint, (tenant.id, UUID(event.complaint_id)))
    if case is None:
        return
    if corrections.told_here(tenant, case, event):
        sending.nudge_case(case.id)
        return
    words = words_of(tenant, case, event)
    if event.type in TO_UNIT and not _told_with_its_lead(case, event):
        for unit, copy in receivers.of(case, event):
            _to_unit(unit, case, event, (COPY if copy else TO_UNIT[event.type]).format(**words))
    if event.type == "lapor.passed_on":
        for unit, kind in receivers.onward(case, event):
            _to_unit(unit, case, event, ONWARD[kind].format(**words))
    if event.type == "lapor.reopened" and case.climbed and not case.whistle:
        _to_coordinator(tenant, case, event)
    if event.type in TO_REPORTER and setting("notify_reporter"):
        line, key = TO_REPORTER[event.type].format(**words), f"{event.event_id}:reporter"
        letters.to_reporter(case, line, key, event.type)
    sending.nudge_case(case.id)


def _told_with_its_lead(case: Complaint, event: CaseChanged) -> bool:
    """True for handing over a report that another one leads: the unit has heard of it by that one."""
    place = voice.place_of(case) if event.type == "lapor.disposed" else None
    return place is not None and not place.leads


def _to_unit(unit: directory.AgencyInfo, case: Complaint, event: CaseChanged, line: str) -> None:
    if not unit.email:
        return
    # The title of a secret case stays inside.
    title = "Laporan rahasia" if case.secret else case.title
    text = f"{line}\n\n{case.number}: {title}\n{address(f'/meja/lapor/{case.number}')}\n"
    subject = f"{case.number}: {title}" if not case.secret else f"{case.number}: laporan rahasia"
    notify(Message("email", unit.email, subject, text, key=f"{event.event_id}:{unit.id}"))


def _to_coordinator(tenant: Tenant, case: Complaint, event: CaseChanged) -> None:
    """The second "not solved" reaches who decides from now on, at the address of the main door."""
    to = str((tenant.profile.get("contact") or {}).get("email", ""))
    if not to:
        return
    line = f"Pelapor {case.unsolved} kali menyatakan belum selesai. Anda yang memutuskan langkah berikutnya."
    title = "laporan rahasia" if case.secret else case.title
    text = f"{line}\n\n{case.number}: {title}\n{address(f'/meja/lapor/{case.number}')}\n"
    notify(Message("email", to, f"{case.number}: {title}", text, key=f"{event.event_id}:coordinator"))


def words_of(tenant: Tenant, case: Complaint, event: CaseChanged) -> dict[str, str]:
    """The parts of a message about an event, by the names that the texts above use."""
    day = local_day(case.due_at, ZoneInfo(tenant.timezone))
    told = session().get(CaseEvent, (tenant.id, UUID(event.event_id))) if event.event_id else None
    unit = agency_ref(case.agency_id)
    until = date.fromisoformat(told.data["until"]) if told and told.data.get("until") else day
    return {
        "question": case.question,
        "until": long_day(until),
        "agency": unit.name if unit else tenant.name,
        "due": long_day(day),
        "text": told.text if told else "",
        "reason": str(told.data.get("reason", "")) if told else "",
        "document": str(told.data.get("document", "")) if told else "",
        "by": str(told.data.get("by", "")) if told else "",
    }


def long_day(day: date) -> str:
    """ "Jumat, 27 Maret 2026": messages are in Indonesian, whoever reads them."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"
