"""What comes in: read, checked, staged, looked at, and applied or set aside."""
