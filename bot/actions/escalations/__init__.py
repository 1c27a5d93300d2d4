"""What must reach a person: danger, and the wish for somebody to talk to."""
