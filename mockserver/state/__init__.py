"""What a space holds: its rules, clock and seed, the journal, identifiers."""
