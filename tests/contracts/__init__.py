"""The public interface, asked over the real application with a real database: every answer is checked against its description."""
