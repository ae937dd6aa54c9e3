"""How fast the hub is, beside hand-written floors that write the same facts in the same run."""
