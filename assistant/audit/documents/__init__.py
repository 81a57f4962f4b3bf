"""What the documents of one trial say differently, and what one of them alone says."""
