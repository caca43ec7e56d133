"""What stands in an OpenAPI document, part by part, and whether somebody honours it."""
