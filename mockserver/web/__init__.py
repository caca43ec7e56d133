"""Where HTTP begins and ends: Flask's requests become calls, and replies become Flask's responses."""
