"""Starts servers, puts work to them and takes their figures."""
