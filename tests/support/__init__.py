"""What several tests share: real servers, people, clocks and pages. No mocks."""
