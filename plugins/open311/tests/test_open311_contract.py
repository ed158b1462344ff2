"""Open311 keeps to what every plugin keeps to."""

from superapp.testing.contract import PluginContract


class TestContract(PluginContract):
    plugin = "open311"
