"""What is told of a patient, in whatever form: a note, a FHIR bundle, a profile."""
