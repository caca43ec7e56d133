"""The engagement API: getEngagement, Create Session and Update Session."""
