"""The executable contract: it examines servers and clients over the wire and shares no code with the mock."""
