"""What goes out: chosen, counted, narrowed, divided, and written as a bundle."""
