"""Planted faults: slips of an editor's hand, each of which somebody must notice.

`slips` lists them, `planted` proves a guideline with one written in a file, `run` plants them all.
"""
