"""A model as a file: a line that says whose it is and a keyed digest, then the arrays.

A file that was changed, cut, or made for another government is refused; rules go on alone then.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any, Final

import numpy as np
import orjson

from plugins.lapor.service.routing.model import Held, Model
from superapp.sdk import keyed

FORMAT: Final = 1
PURPOSE: Final = "lapor.routing.model"
LONGEST_HEAD: Final = 100_000
ARRAYS: Final = {
    "known": np.uint32,
    "rare": np.float32,
    "weights": np.float16,
    "bias": np.float32,
    "certain": np.float32,
    "sure": np.float32,
    "unit": np.uint16,
    "right": np.bool_,
}


class Refused(ValueError):
    """The file is not this government's model; the message says why."""


def pack(model: Model) -> tuple[bytes, str]:
    """The file and its keyed digest, which is kept beside its name, too."""
    body = io.BytesIO()
    arrays: dict[str, Any] = {
        "known": model.known,
        "rare": model.rare,
        "weights": model.weights,
        "bias": model.bias,
        "certain": model.certain,
        "sure": model.held.sure,
        "unit": model.held.unit,
        "right": model.held.right,
    }
    np.savez_compressed(body, **arrays)
    told = {"format": FORMAT, "tenant": model.tenant_id, "model": model.id, "codes": model.codes}
    digest = _digest(told, body.getvalue())
    head = orjson.dumps({**told, "digest": digest})
    return head + b"\n" + body.getvalue(), digest


def unpack(data: bytes, *, tenant_id: int, model_id: str, digest: str) -> Model:
    """The model of this tenant and version. Raises Refused for any other or a damaged one."""
    head, found, body = data.partition(b"\n")
    if not found or len(head) > LONGEST_HEAD:
        raise Refused("the file has no head")
    try:
        told = orjson.loads(head)
        claimed = told.pop("digest")
        if told["format"] != FORMAT:
            raise Refused(f"format {told['format']} is not {FORMAT}")
        if told["tenant"] != tenant_id or told["model"] != model_id:
            raise Refused("the file belongs to another government or version")
        if claimed != digest or _digest(told, body) != digest:
            raise Refused("the digest does not fit: the file was changed")
        return _model(told, body)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"the head cannot be read ({type(error).__name__})") from error


def _model(told: dict[str, Any], body: bytes) -> Model:
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            found: dict[str, Any] = {name: np.asarray(arrays[name], kind) for name, kind in ARRAYS.items()}
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise Refused(f"the arrays cannot be read ({type(error).__name__})") from error
    units, signs = len(told["codes"]), len(found["known"])
    if found["weights"].shape != (signs, units) or len(found["certain"]) != 4 + units:
        raise Refused("the arrays do not fit together")
    held = Held(found.pop("sure"), found.pop("unit"), found.pop("right"))
    return Model(told["tenant"], told["model"], tuple(told["codes"]), held=held, **found)


def _digest(told: dict[str, Any], body: bytes) -> str:
    said = orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    return keyed(PURPOSE, f"{said}:{hashlib.sha256(body).hexdigest()}")
