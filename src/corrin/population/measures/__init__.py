"""What a screened population comes to in numbers: counts, rates, attrition, with small numbers suppressed."""
