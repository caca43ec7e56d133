"""The operations of the engagement API, one handler each."""
