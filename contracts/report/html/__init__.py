"""The report for a browser: one page, in the parts that it is made of."""
