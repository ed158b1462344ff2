"""The front door: gunicorn wsgi:application."""

from superapp.app import create_app

application = create_app()
