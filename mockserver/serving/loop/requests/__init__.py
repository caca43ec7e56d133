"""Requests on their way in: gathered until they are whole."""
