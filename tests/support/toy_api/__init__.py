"""An API that has nothing in common with those of the server: all that a new one brings stands in this folder."""
