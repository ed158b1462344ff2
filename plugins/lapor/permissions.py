"""The rights over complaints, and which roles hold them in a new tenant."""

from __future__ import annotations

from superapp.sdk import Permission

DESK = ("coordinator", "liaison", "operator", "leader", "inspector")
HANDLES = ("coordinator", "liaison", "operator", "inspector")
PERMISSIONS = [
    Permission("lapor.inbox", "Membuka kotak masuk laporan", (*DESK, "auditor")),
    Permission("lapor.enter", "Mencatat laporan warga", HANDLES),
    Permission("lapor.verify", "Memverifikasi laporan", ("coordinator",)),
    Permission("lapor.dispose", "Meneruskan laporan ke unit", ("coordinator",)),
    Permission("lapor.handle", "Menangani laporan unit", HANDLES),
    Permission("lapor.archive", "Mengarsipkan laporan dengan alasan", ("coordinator",)),
    Permission("lapor.gather", "Menggabungkan laporan dari kejadian yang sama", ("coordinator", "liaison")),
    Permission("lapor.forward", "Meneruskan laporan ke instansi luar", ("coordinator",)),
    Permission("lapor.outside", "Mengatur sambungan dengan sistem lain", ("coordinator", "admin")),
    Permission("lapor.all", "Melihat laporan semua unit", ("coordinator", "leader", "auditor")),
    Permission("lapor.secret", "Melihat laporan rahasia", ("coordinator",)),
    Permission("lapor.identity", "Membuka identitas pelapor dengan alasan", ("coordinator", "inspector")),
    Permission("lapor.identity.log", "Membaca siapa membuka identitas pelapor", ("auditor", "inspector")),
    Permission("lapor.whistle", "Memeriksa pengaduan tentang pegawai", ("inspector",)),
    Permission("lapor.whistle.leader", "Memeriksa pengaduan tentang Inspektorat", ("leader",)),
    Permission("lapor.whistle.mark", "Memindahkan laporan ke Inspektorat", ("coordinator", "inspector")),
    Permission("lapor.templates", "Menulis templat dan makro seluruh meja", ("coordinator",)),
    Permission("lapor.routing", "Mengatur saran unit yang belajar", ("coordinator",)),
    Permission("lapor.routing.view", "Melihat mutu penerusan", ("coordinator", "leader", "auditor")),
    Permission("lapor.figures", "Melihat angka", (*DESK, "auditor")),
    Permission("lapor.proof", "Memutuskan temuan pada bukti", ("coordinator",)),
    Permission("lapor.redact", "Menyamarkan wajah dan pelat pada foto", HANDLES),
    Permission("lapor.original", "Membuka foto asli dan memulihkannya", ("coordinator",)),
    Permission("lapor.audit", "Memeriksa laporan yang ditutup", ("auditor",)),
    Permission("lapor.rules", "Mengatur aturan laporan", ("coordinator", "admin")),
]
