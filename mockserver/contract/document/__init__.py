"""What stands in an OpenAPI document, part by part, and whether somebody honours it.

Every start reads the document: small values are named tuples, whose classes are made in a seventh of the time that a
frozen dataclass takes, and what all parts have in common is looked at in one walk.
"""
