"""The processes of a server: how they start, what signals do to them, and what they leave behind."""
