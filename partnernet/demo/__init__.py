"""A small invented network with a year of life in it, to look around in."""
