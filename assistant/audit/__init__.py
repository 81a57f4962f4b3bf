"""Says where the documents are wrong: contradictions, disagreements, gaps, slips; what a record asks for, field by field; amendments."""
