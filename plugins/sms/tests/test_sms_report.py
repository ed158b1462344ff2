"""The whole way with the real conversation: a citizen without internet reports, and asks how it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import Context

from flask import Flask
from sms_city import CITIZEN, City, Partner

from plugins.lapor.models import Complaint
from plugins.sms.sandbox import Gateway
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.sdk import session


def test_a_report_by_sms_gets_number_and_pin_and_answers_status(
    app: Flask, tenant_a: Tenant, gateway: Gateway, connected: Callable[..., Tenant]
) -> None:
    tenant = connected(tenant_a, gateway)

    def talk() -> None:
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            city = City(tenant, gateway, Partner())
            for text in ("Lampu jalan di Jalan Pipit mati sejak Senin malam, gelap sekali.", "Jalan Pipit 1"):
                gateway.says(CITIZEN, text)
                city.work()
            for _turn in range(8):
                if "PIN:" in city.got()[-1].text:
                    break
                gateway.says(CITIZEN, "1" if "1. " in city.got()[-1].text else "lewati")
                city.work()
            receipt = city.got()[-1].text
            number = re.search(r"UJI-\d{4}-\d{6}", receipt)
            assert number and re.search(r"PIN: \d{3} ?\d{3}", receipt), [each.text for each in city.got()]
            made = session().query(Complaint).filter_by(number=number[0]).one()
            assert made.channel == "sms"
            gateway.says(CITIZEN, "status?")
            city.work()
            assert number[0] in city.got()[-1].text

    Context().run(talk)
