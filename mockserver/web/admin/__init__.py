"""The admin API, described by admin.yaml."""
