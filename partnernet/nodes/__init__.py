"""Other nodes: who they are, how well we know them, and what they may do."""
