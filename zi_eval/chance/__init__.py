"""How likely a predicate is, given how the agency's TPI corrects and what surveys leave open."""
