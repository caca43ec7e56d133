"""The stores in a file of this machine."""
