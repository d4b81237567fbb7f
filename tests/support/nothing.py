"""Names of nothing, as they are sent in an address where a name or a number belongs."""

NAMES = ("%00", "a%00b", "%ED%A0%80", "%FF", "9" * 30, "-1", "x" * 300, "é", "'", "%25")
"""One kind of database refuses a zero byte, another a number too large, the models a text too long."""
