"""The page a clinician sees: intake on the left, answer on the right, and what is taken away. No clinical decision."""
