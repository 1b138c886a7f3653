"""The kit of live screens: what forms share in JavaScript and CSS."""
