"""Safety before everything: who may need help now is sent there first, and what is for a doctor to say is left to the doctor."""
