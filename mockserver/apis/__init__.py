"""The APIs that the server stands in for, a folder each."""
