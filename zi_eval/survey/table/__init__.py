"""Tables of responses, as form tools export them."""
