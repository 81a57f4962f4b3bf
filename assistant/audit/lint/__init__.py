"""What is wrong with one record by itself: one module a kind of fault."""
