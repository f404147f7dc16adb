"""What was handed over, confirmed and refused, in plain words."""
