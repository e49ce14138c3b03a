"""Synthetic populations to try Corrin on, with the truth beside them."""
