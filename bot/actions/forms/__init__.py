"""One turn of a form, whatever it collects: hear, check, correct, ask on, or step aside."""
