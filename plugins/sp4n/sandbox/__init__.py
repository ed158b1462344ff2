"""The sandbox: a small national system for practice, tests and onboarding. It speaks both transports.

    from plugins.sp4n.sandbox import running
    with running() as sandbox:                      # a free port of 127.0.0.1, until the block ends
        sandbox.url, sandbox.modern, sandbox.legacy  # its page, and the base addresses of both transports
        sandbox.token("denpasar")                   # what the government's connection has to say
        sandbox.nation.reports()                    # everything there, the oldest first
        sandbox.nation.say(number, "jawaban", "Sudah ditambal.")

It keeps what it is told, in memory or in a file, and can be told to fail. No person's data belong in it.
"""

from plugins.sp4n.sandbox.server import Sandbox, running

__all__ = ["Sandbox", "running"]
