"""A room of Corrin."""
