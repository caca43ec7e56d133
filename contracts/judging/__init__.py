"""Judges exchanges by the contract, whoever asked and whoever answered."""
