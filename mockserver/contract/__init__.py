"""Reads OpenAPI documents, and judges calls and replies by them."""
