"""sp4n_categories.csv in a government's folder: national categories that the desk set."""

from __future__ import annotations

from plugins.sp4n.models import CategoryMap
from superapp.sdk import Column, TenantFile

FILES = [
    TenantFile(
        name="sp4n_categories.csv",
        model=CategoryMap,
        columns=(
            Column("category", required=True, ref="categories.csv"),
            Column("main"),
            Column("sub"),
        ),
        key=("category",),
        removal="delete",
        required=False,
    )
]
