"""Pages for citizens."""

from __future__ import annotations

from flask import Blueprint
from plugins.contoh import service

from superapp.sdk import public, render

bp = Blueprint("contoh_citizen", __name__, url_prefix="/contoh", template_folder="templates")


@bp.get("/")
@public
def index() -> str:
    """The newest notes."""
    return render("contoh/index.html", notes=service.latest())
