"""whatsapp owes the host what every plugin owes."""

from typing import ClassVar

from superapp.testing.contract import PluginContract


class TestContract(PluginContract):
    plugin: ClassVar[str] = "whatsapp"
