"""A Flask client that stands on a tenant's host name, as a browser would."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from superapp.context import Tenant

TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


class TenantClient(FlaskClient):
    """`client.get("/")` asks the tenant's home page; cookies stay with the host name."""

    host = "localhost"

    def at(self, tenant: Tenant) -> TenantClient:
        """Move to another tenant's host name; the cookies of the first are not sent there."""
        self.host = tenant.host
        return self

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Any request; a path means this client's host."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", f"http://{self.host}")
        return super().open(*args, **kwargs)

    def token(self, path: str) -> str:
        """The CSRF token of the form on a page. Raises AssertionError when there is none."""
        page = self.get(path)
        found = TOKEN_FIELD.search(page.get_data(as_text=True))
        assert found, f"{path} answers {page.status_code} and shows no form"
        return found[1] or found[2]

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, form: str = "", **kwargs: Any
    ) -> TestResponse:
        """Post as a browser that opened the page `form` (the same path by default) before."""
        return self.post(path, data={"csrf_token": self.token(form or path), **(data or {})}, **kwargs)
