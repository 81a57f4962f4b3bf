"""Find and say: a question and the trials it is about in, sentences with citations out. Decides nothing about patients."""
