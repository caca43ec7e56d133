"""Conditions on calls: what stands under `when`."""
