"""Documents that people write by hand: read node by node, with the position of each mistake."""
