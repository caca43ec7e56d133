"""Reads scenario documents into stubs: what stands under `when` and `then`, in the words of a server."""
