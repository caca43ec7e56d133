"""Explains what keeps a value from being what a schema of the contract describes, in words and with its clause.

The shapes are made from the contract when the first value is explained, as deep as that value is, and marshmallow
is loaded with them: a call that keeps the contract needs no words.
"""
