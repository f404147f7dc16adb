"""Entries: what the pages of every kind share. Kinds build on it; it knows none of them."""
