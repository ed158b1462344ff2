"""Sentence parts from which sample reports are made: places and things, no persons."""

from __future__ import annotations

from typing import Final

# For each category: what is seen (title), where exactly, since when or how bad (body).
SEEN: Final[dict[str, tuple[str, ...]]] = {
    "ROAD.POTHOLE": ("Lubang besar di tengah jalan", "Aspal mengelupas", "Jalan ambles di tepi got"),
    "ROAD.BRIDGE": ("Pagar jembatan patah", "Lantai jembatan berlubang"),
    "ROAD.SIDEWALK": ("Trotoar pecah", "Penutup trotoar hilang", "Ubin jalur tunanetra lepas"),
    "DRAIN.CLOG": ("Got mampet", "Selokan penuh endapan", "Saluran tersumbat sampah"),
    "DRAIN.FLOOD": ("Genangan setinggi lutut", "Air rob masuk ke gang"),
    "RIVER.DIRTY": ("Eceng gondok menutup sungai", "Sungai penuh sampah plastik"),
    "LIGHT.OUT": ("Lampu jalan mati", "Tiga tiang lampu padam", "Lampu jalan berkedip"),
    "TRAFFIC.SIGNAL": ("Lampu merah mati", "Rambu larangan parkir roboh"),
    "PARK.ILLEGAL": ("Parkir liar menutup badan jalan", "Mobil parkir di trotoar"),
    "PARK.FEE": ("Tarif parkir tanpa karcis", "Karcis parkir tidak diberikan"),
    "WASTE.PILE": ("Sampah menumpuk", "TPS penuh dan meluber", "Sampah belum diangkut"),
    "WASTE.DUMP": ("Tempat buang sampah liar di lahan kosong", "Sampah dibuang ke tepi jalan"),
    "ENV.POLLUTION": ("Bau limbah dari saluran", "Asap pembakaran setiap sore"),
    "TREE.TRIM": ("Pohon condong ke kabel", "Ranting menutup lampu jalan"),
    "WATER.SUPPLY": ("Air keran keruh", "Air mati sejak pagi"),
    "ORDER.NOISE": ("Pengeras suara sampai lewat tengah malam", "Musik keras dari tempat usaha"),
    "ORDER.VENDOR": ("Lapak menutup trotoar", "Pedagang memakai badan jalan"),
    "SOCIAL.AID": ("Bantuan sosial belum cair", "Data bantuan tidak sesuai"),
    "CIVIL.ID": ("Cetak KTP tertunda", "Blangko akta kosong"),
    "HEALTH.SERVICE": ("Antrean puskesmas sangat panjang", "Loket obat tutup lebih awal"),
    "HEALTH.DENGUE": ("Minta fogging, banyak kasus demam", "Anjing liar di sekitar sekolah"),
    "EDU.ADMISSION": ("Iuran sekolah tanpa rincian", "Hasil penerimaan siswa tidak tampil"),
    "BUILD.VIOLATION": ("Bangunan menutup got", "Bangunan di sempadan sungai"),
    "MARKET": ("Atap pasar bocor", "Harga beras berbeda dari papan"),
    "ICT.PLATFORM": ("Aplikasi layanan tidak bisa dibuka", "Wifi taman mati"),
    "INFO.REQUEST": ("Minta jadwal pengangkutan sampah", "Minta syarat izin keramaian"),
}
ANY: Final = ("Fasilitas umum rusak", "Minta pemeriksaan lapangan")
WHERE: Final = (
    "di depan balai banjar",
    "dekat jembatan kecil",
    "di samping sekolah dasar",
    "di tikungan sebelum pasar",
    "di ujung gang",
    "di seberang minimarket",
    "dekat halte",
    "di depan kantor desa",
)
SINCE: Final = (
    "Sudah tiga hari begini.",
    "Sejak minggu lalu belum ada perubahan.",
    "Tadi pagi masih sama.",
    "Setiap hujan keadaannya bertambah parah.",
    "Sudah dua kali disampaikan ke ketua lingkungan.",
    "Banyak pengendara harus memutar.",
    "Anak sekolah lewat sini setiap hari.",
)
STREETS: Final = (
    "Jalan Melati",
    "Jalan Kenanga",
    "Jalan Pulau Kecil",
    "Jalan Gunung Rata",
    "Jalan Tukad Jernih",
    "Jalan Rawa Baru",
    "Jalan Pasar Lama",
    "Gang Teratai",
    "Gang Cempaka",
)
PROGRESS: Final = (
    "Petugas menuju lokasi.",
    "Bahan sedang disiapkan, pengerjaan mulai besok.",
    "Lokasi sudah diperiksa, perlu alat tambahan.",
)
ANSWERS: Final = (
    "Sudah kami tangani. Terima kasih sudah melapor.",
    "Pekerjaan selesai pagi ini. Mohon diperiksa.",
    "Sudah diperbaiki dan diperiksa pengawas lapangan.",
)
QUESTIONS: Final = ("Di sisi jalan yang mana?", "Patokan terdekatnya apa?", "Masih terjadi hari ini?")
UNSOLVED: Final = ("Sebagian sudah, sebagian belum.", "Masih sama seperti kemarin.")
