"""Every plugin in this tree owes the host the same; those that do not test it themselves are held here."""

from typing import ClassVar

from superapp.testing.contract import PluginContract


class TestLapor(PluginContract):
    plugin: ClassVar[str] = "lapor"
