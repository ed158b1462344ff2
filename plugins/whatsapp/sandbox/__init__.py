"""A stand-in for Meta on this machine, for training and tests: a fake Graph API, and citizens who write.

    with running(host="http://uji-a.localhost:8000") as meta:
        save_settings(tenant, "whatsapp", meta.settings())     # the tenant now talks with the stand-in
        meta.says("6281100000001", "Lampu jalan mati")         # a signed webhook, as Meta posts it
        ...                                                    # the worker hears and answers
        meta.answers("6281100000001")[-1].text                 # what the citizen reads

All ids and numbers are invented. Nothing leaves this machine.
"""

from plugins.whatsapp.sandbox.meta import Answer, Meta
from plugins.whatsapp.sandbox.server import running

__all__ = ["Answer", "Meta", "running"]
