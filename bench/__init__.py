"""Measures this server beside the mock servers that integrators would pick instead: `make bench`."""
