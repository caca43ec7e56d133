"""The third part of the server suite: calls that Schemathesis generates."""
