"""The first part of the server suite: cases that are written by hand."""
