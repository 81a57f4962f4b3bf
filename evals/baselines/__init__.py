"""What the assistant is compared with."""
