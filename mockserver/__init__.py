"""A mock of LivePerson's engagement API that answers by one contract, `openapi.yaml`."""

__version__ = "0.1.0"
