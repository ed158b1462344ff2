"""A stand-in for an SMS gateway on this machine, for training and tests, and citizens who write.

    with running(host="http://uji-a.localhost:8000") as gateway:
        save_settings(tenant, "sms", gateway.settings())       # the tenant now talks with the stand-in
        gateway.says("6281100000001", "Lampu jalan mati")      # a message comes in, with its token
        ...                                                    # the worker hears and answers
        gateway.answers("6281100000001")[-1].text              # what the citizen reads

All numbers are invented. Nothing leaves this machine and nothing costs.
"""

from plugins.sms.sandbox.gateway import Answer, Gateway
from plugins.sms.sandbox.server import running

__all__ = ["Answer", "Gateway", "running"]
