"""The demonstration: fictional contributions in six languages, and the archived space of the 2022 round table."""
