"""What a chat model does where one is configured: read a message, word an answer, judge lines left open. Code checks all of it."""
