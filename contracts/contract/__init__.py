"""The contract as the harness reads it: the document, its operations, its schemas."""
