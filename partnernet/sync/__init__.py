"""Node to node over HTTP: the same exchange as by stick, while both are running."""
