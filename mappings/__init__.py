"""Tables that translate foreign documents to ours, and back."""
