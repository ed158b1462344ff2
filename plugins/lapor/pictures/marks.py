"""Marks that editors, generators and screens leave in a picture file: hints, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import ExifTags, Image

from plugins.lapor.pictures.mark import Mark, Weight

MOST = 80  # characters of a mark that are kept as evidence
EDITORS = (
    *("photoshop", "lightroom", "gimp", "snapseed", "picsart", "canva", "pixelmator", "affinity"),
    *("facetune", "meitu", "remini", "photopea", "pixlr", "paint.net", "krita", "polarr", "photoroom"),
    *("airbrush", "b612", "vsco", "darktable", "capture one", "acdsee", "photodirector", "inshot", "capcut"),
)
GENERATORS = (
    *("midjourney", "dall-e", "dall·e", "stable diffusion", "stablediffusion", "sdxl", "firefly", "openai"),
    *("chatgpt", "gpt-4o", "gpt-image", "imagen", "nano banana", "gemini", "flux.1", "ideogram"),
    *(
        "leonardo.ai",
        "novelai",
        "invokeai",
        "comfyui",
        "automatic1111",
        "sd.next",
        "fooocus",
        "made with google ai",
    ),
    *("made with google ai", "bing image creator", "grok image", "seedream", "recraft", "krea.ai"),
)
# Fields in which generators keep what they were asked for.
PROMPT_FIELDS = frozenset(
    {"parameters", "prompt", "workflow", "dream", "sd-metadata", "invokeai_metadata", "generation_data"}
)
PROMPT = re.compile(r"\bSteps: \d+, .{0,200}\bSampler: ", re.DOTALL)
PROCESSING_SOFTWARE = 0x000B
SCREENS = frozenset(
    {
        *((720, 1280), (720, 1520), (720, 1560), (720, 1600), (720, 1612), (1080, 1920), (1080, 2160)),
        *((1080, 2220), (1080, 2280), (1080, 2310), (1080, 2340), (1080, 2400), (1080, 2408), (1080, 2412)),
        *((1080, 2460), (1440, 2560), (1440, 2960), (1440, 3040), (1440, 3088), (1440, 3120), (1440, 3200)),
        *((640, 1136), (750, 1334), (828, 1792), (1125, 2436), (1170, 2532), (1179, 2556), (1206, 2622)),
        *((1242, 2208), (1242, 2688), (1284, 2778), (1290, 2796), (1320, 2868)),
    }
)


def marks(opened: Image.Image, data: bytes) -> tuple[Mark, ...]:
    """What the file tells of its making, each code once with its heaviest sign."""
    found: dict[str, Mark] = {}
    for mark in (*_named(opened), *_sources(opened, data), *_shape(opened)):
        before = found.get(mark.code)
        if before is None or _heavier(mark, before):
            found[mark.code] = mark
    return tuple(found.values())


def has_camera(opened: Image.Image) -> bool:
    """True when EXIF names the camera or the moment it was taken."""
    exif = opened.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    return bool(exif.get(ExifTags.Base.Make) or exif.get(ExifTags.Base.Model) or taken)


def _named(opened: Image.Image) -> Iterator[Mark]:
    for field, text in _texts(opened):
        low = text.lower()
        if field.lower() in PROMPT_FIELDS or PROMPT.search(text):
            yield Mark("generated", "serious", f"{field}: {text[:MOST]}")
        elif name := next((each for each in GENERATORS if each in low), ""):
            yield Mark("generated", "serious", f"{field}: {name}")
        elif name := next((each for each in EDITORS if each in low), ""):
            yield Mark("edited", "doubt", f"{field}: {text[:MOST]}")


def _texts(opened: Image.Image) -> Iterator[tuple[str, str]]:
    """The fields in which programs name themselves; what a person wrote stays unread."""
    exif = opened.getexif()
    yield "Software", _plain(exif.get(ExifTags.Base.Software))
    yield "ProcessingSoftware", _plain(exif.get(PROCESSING_SOFTWARE))
    comment = _plain(exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment))
    if PROMPT.search(comment):
        yield "UserComment", comment
    for name, value in opened.info.items():
        asked_for = str(name).lower() in PROMPT_FIELDS
        if isinstance(value, str) and (asked_for or str(name).lower() in {"software", "comment", "source"}):
            yield str(name), value


def _sources(opened: Image.Image, data: bytes) -> Iterator[Mark]:
    xmp = _xmp(opened, data)
    for tool in re.findall(rb"CreatorTool[^>\"']{0,10}[>\"']([^<\"']{1,200})", xmp):
        low = tool.decode("utf-8", "replace").lower()
        if any(each in low for each in GENERATORS):
            yield Mark("generated", "serious", f"CreatorTool: {low[:MOST]}")
        elif any(each in low for each in EDITORS):
            yield Mark("edited", "doubt", f"CreatorTool: {low[:MOST]}")
    sealed = b"jumb" in data and b"c2pa" in data
    told = xmp + (data if sealed else b"")
    if b"compositeWithTrainedAlgorithmicMedia" in told:
        yield Mark("generated", "serious", "digitalSourceType: compositeWithTrainedAlgorithmicMedia")
    elif b"trainedAlgorithmicMedia" in told:
        yield Mark("generated", "serious", "digitalSourceType: trainedAlgorithmicMedia")
    elif sealed:
        # Cameras sign with C2PA, too: by itself it says nothing against a picture.
        yield Mark("origin_record", "note", "C2PA")


def _shape(opened: Image.Image) -> Iterator[Mark]:
    if has_camera(opened):
        return
    if tuple(sorted(opened.size)) in SCREENS:
        weight: Weight = "doubt" if opened.format == "PNG" else "note"
        yield Mark("screenshot", weight, f"{opened.width} x {opened.height}")
    yield Mark("no_camera", "note")


def _xmp(opened: Image.Image, data: bytes) -> bytes:
    """The XMP packet, where Pillow found it or where the file carries it openly."""
    held = opened.info.get("xmp") or opened.info.get("XML:com.adobe.xmp") or b""
    packet = held.encode() if isinstance(held, str) else bytes(held)
    start = data.find(b"<x:xmpmeta")
    end = data.find(b"</x:xmpmeta>", start) if start >= 0 else -1
    return packet + (data[start:end] if end >= 0 else b"")


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        body = value.removeprefix(b"ASCII\0\0\0").removeprefix(b"UNICODE\0")
        return body.replace(b"\0", b"").decode("utf-8", "replace")
    return str(value) if value is not None else ""


def _heavier(one: Mark, other: Mark) -> bool:
    order = ("note", "doubt", "serious")
    return order.index(one.weight) > order.index(other.weight)
