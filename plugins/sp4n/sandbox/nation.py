"""What the sandbox's nation knows: reports, what happened to them, and who still has to hear of it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from superapp.sdk import now

PREFIX: Final = "kotak-pasir-"  # a token is this and the name of the government
# What the nation can say about a report, and the state that it then has.
NEWS: Final[Mapping[str, str]] = {
    "tindak_lanjut": "Ditindaklanjuti",
    "jawaban": "Dijawab",
    "pertanyaan": "Ditindaklanjuti",
    "tanggapan": "Ditanggapi pelapor",
    "penutupan": "Selesai",
    "pengembalian": "Bukan wewenang",
    "selesai": "Selesai",
    "belum_selesai": "Ditindaklanjuti",
    "dicabut": "Diarsipkan",
}
FAULTS: Final = {
    "500": "galat 500, tidak disimpan",
    "502": "galat 502, tidak disimpan",
    "503": "sibuk (503)",
    "429": "terlalu sering (429)",
    "401": "token ditolak (401)",
    "422": "isian ditolak (422)",
    "timeout": "disimpan, lalu diam",
    "lost": "disimpan, lalu putus",
    "garbage": "disimpan, jawabannya rusak",
    "refuse": "200 berisi penolakan",
    "twice": "tiap kabar dua kali",
}
LONGEST_LOG, MOST_REPORTS = 200, 5000


def is_office(name: str) -> bool:
    """True for what a government's short name may look like."""
    return 0 < len(name) <= 60 and name.isascii() and name.replace("-", "").isalnum()


@dataclass
class Line:
    """Something that happened to a report. `who` is a government's name, "nasional" or "pelapor"."""

    at: str
    who: str
    kind: str
    text: str
    status: str


@dataclass
class Report:
    """A report as the nation keeps it. `given`: the nation's own, given to this government."""

    number: str
    second: str
    office: str
    given: bool
    status: str
    data: dict[str, Any]
    ours: str = ""  # the government's own number
    log: list[Line] = field(default_factory=list)


class Nation:
    """All of it, safe for several threads. With a path it is kept there and read again at the next start.

    `faults` are used up one a request, the next first; see FAULTS.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path, self.lock = path, threading.RLock()
        self.faults: deque[str] = deque()
        self._reports: dict[str, Report] = {}
        self._changes: list[dict[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}
        if path is not None and path.is_file():
            self._load(path)

    def reports(self, office: str = "") -> list[Report]:
        """Those of a government, or all; the oldest first."""
        with self.lock:
            return [each for each in self._reports.values() if office in ("", each.office)]

    def report(self, number: str) -> Report | None:
        """The one with this number of the nation, or with this number of a government."""
        with self.lock:
            found = self._reports.get(number)
            return found or next((each for each in self._reports.values() if each.ours == number), None)

    def offices(self) -> list[str]:
        """Governments that were seen."""
        with self.lock:
            return sorted({each.office for each in self._reports.values()})

    def file(self, office: str, data: Mapping[str, Any], *, ours: str = "") -> tuple[Report, bool]:
        """Take a government's report; and whether it is new. The same number of theirs is the same report."""
        with self.lock:
            known = self.report(ours) if ours else None
            if known is not None and known.office == office:
                return known, False
            made = self._made(office, data, given=False, ours=ours, status="Belum diproses")
            self._note(made, office, "baru", "", made.status)
            return made, True

    def dispose(self, office: str, *, title: str, body: str, **more: Any) -> str:
        """Give a report of the nation to a government; its number. `more` are fields as `laporan` has them:
        jenis, kategori={"utama", "sub"}, anonim, rahasia, lokasi, pelapor={"nama", "telepon"}, unit."""
        with self.lock:
            data = {"judul": title, "isi": body, **more}
            made = self._made(office, data, given=True, status="Terdisposisi")
            self._note(made, "nasional", "disposisi", "", made.status)
            shown = {**data, "pelapor": {} if data.get("anonim") else data.get("pelapor", {})}
            self._change(made, "disposisi", "", laporan=shown)
            return made.number

    def say(self, number: str, kind: str, text: str, *, rating: int | None = None, who: str = "") -> None:
        """The nation (or its reporter) says something about a report. Raises KeyError, ValueError."""
        if kind not in NEWS:
            raise ValueError(f"Jenis kabar: {', '.join(NEWS)}.")
        with self.lock:
            report = self.report(number)
            if report is None:
                raise KeyError(number)
            report.status = NEWS[kind]
            reporter = kind in {"tanggapan", "selesai", "belum_selesai", "dicabut"}
            speaker = who or ("pelapor" if reporter else "nasional")
            self._note(report, speaker, kind, text, report.status)
            self._change(report, kind, text, oleh=speaker, penilaian=rating)

    def follow(self, report: Report, office: str, kind: str, text: str, status: str) -> None:
        """A government tells what it did with a report."""
        with self.lock:
            report.status = status or report.status
            self._note(report, office, kind, text, report.status)
            self._save()

    def changes(self, office: str, after: int, most: int) -> tuple[list[dict[str, Any]], int, bool]:
        """What a government has not heard: the changes, where to go on, and whether more wait."""
        with self.lock:
            mine = [each for each in self._changes if each["instansi"] == office and each["urut"] > after]
            page = mine[:most]
            return page, page[-1]["urut"] if page else after, len(mine) > most

    def answered(self, key: str) -> dict[str, Any] | None:
        """The answer that was given to this key before."""
        with self.lock:
            return self._answers.get(key) if key else None

    def remember(self, key: str, answer: dict[str, Any]) -> None:
        """Keep the answer for a key."""
        with self.lock:
            if key:
                self._answers[key] = answer
            self._save()

    def fail(self, *faults: str) -> None:
        """Let the coming requests fail in these ways, one each. Raises ValueError for an unknown one."""
        if strange := [each for each in faults if each not in FAULTS]:
            raise ValueError(f"Gangguan yang ada: {', '.join(FAULTS)}; bukan {', '.join(strange)}.")
        with self.lock:
            self.faults.extend(faults)

    def next_fault(self) -> str:
        """The fault of this request; "" for none."""
        with self.lock:
            return self.faults.popleft() if self.faults else ""

    def dump(self) -> dict[str, Any]:
        """Everything, as it is kept in the file."""
        with self.lock:
            return {
                "reports": [asdict(each) for each in self._reports.values()],
                "changes": self._changes,
                "answers": self._answers,
            }

    def _made(
        self, office: str, data: Mapping[str, Any], *, given: bool, status: str, ours: str = ""
    ) -> Report:
        if len(self._reports) >= MOST_REPORTS:
            raise OverflowError("Kotak pasir penuh. Mulai dengan berkas keadaan yang baru.")
        count = len(self._reports) + 1
        made = Report(f"{7_000_000 + count}", f"KP{count:05d}", office, given, status, dict(data), ours)
        self._reports[made.number] = made
        self._save()
        return made

    def _note(self, report: Report, who: str, kind: str, text: str, status: str) -> None:
        report.log = [*report.log, Line(now().isoformat(), who, kind, text[:5000], status)][-LONGEST_LOG:]

    def _change(self, report: Report, kind: str, text: str, **more: Any) -> None:
        count = len(self._changes) + 1
        self._changes.append(
            {
                "id": f"{report.number}-{count}",
                "urut": count,
                "instansi": report.office,
                "jenis": kind,
                "waktu": now().isoformat(),
                "nomor": report.number,
                "kode_lacak": report.second,
                "nomor_daerah": report.ours,
                "status": report.status,
                "teks": text[:5000],
                **{name: value for name, value in more.items() if value is not None},
            }
        )
        self._save()

    def _save(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(self.dump(), ensure_ascii=False), "utf-8")
        beside.replace(self.path)

    def _load(self, path: Path) -> None:
        """Raises ValueError for a file that is not the sandbox's."""
        try:
            kept = json.loads(path.read_text("utf-8"))
            for each in kept["reports"]:
                lines: Sequence[Mapping[str, Any]] = each.pop("log")
                self._reports[each["number"]] = Report(**each, log=[Line(**line) for line in lines])
            self._changes, self._answers = list(kept["changes"]), dict(kept["answers"])
        except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
            raise ValueError(f"{path} bukan berkas keadaan kotak pasir.") from error
