"""Bringing in what a network wrote before it had this: notes, mail archives, documents as JSON Lines."""
