"""The second part of the server suite: each member with values that fit, and with values that nearly do."""
