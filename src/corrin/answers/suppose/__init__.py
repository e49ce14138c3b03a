"""What is missing and would change an answer, and the smallest change that flips a verdict.

A findings row enters; each finding is supposed to be everything else it could be, and the tables are read
again.
"""
