"""The facilitators' home: what waits and what is missing in the spaces given to somebody, on one page."""
