"""Letters to the people affected: a list of recipients and a wording → one letter each. Pure; the press is at the edge."""
