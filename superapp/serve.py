"""gunicorn's settings, read by name: `gunicorn -c python:superapp.serve wsgi:application`.

A few threads wait for the database while others work; slow clients are the buffering proxy's task
(deploy/nginx.conf), because eight of them would occupy every thread here.
"""

import os
from pathlib import Path

bind = f"{os.environ.get('SUPERAPP_BIND', '127.0.0.1')}:{os.environ.get('SUPERAPP_PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("SUPERAPP_WORKERS", "2"))
threads = int(os.environ.get("SUPERAPP_THREADS", "8"))
timeout = 30
graceful_timeout = 20
keepalive = 5
# The edge trusts as many proxies as SUPERAPP_TRUSTED_PROXIES says; gunicorn itself needs to trust none.
forwarded_allow_ips = ""
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
# Heartbeat files on a slow disk have stopped healthy workers.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# One import for all workers: half the time to the first answer, and memory that they share.
preload_app = True


def post_fork(server: object, worker: object) -> None:
    """A connection opened while the application was made belongs to the parent alone."""
    from superapp.db.engine import db
    from wsgi import application

    with application.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
