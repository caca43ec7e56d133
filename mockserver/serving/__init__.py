"""gunicorn and its loop: starting, listening, stopping."""
