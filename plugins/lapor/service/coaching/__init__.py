"""What is done for a case with questions and answers: asking its reporter, reminding, correcting."""
