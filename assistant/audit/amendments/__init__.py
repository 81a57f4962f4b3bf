"""What an amendment changed between two versions of a record, and whose verdict it flips."""
