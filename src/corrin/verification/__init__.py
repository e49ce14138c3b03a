"""What makes the guideline proved and not hoped: examples run, obligations shown, faults planted.

`check.run` reads the pages and runs their examples; `prove.run` proves the locked guideline and certifies it;
`faults` plants every small slip in the pages and asks who notices. The solver is loaded by those who need it.
"""
