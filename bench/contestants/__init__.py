"""Who is measured."""
