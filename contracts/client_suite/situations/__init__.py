"""The situations that the contract allows a server to bring a client into."""
