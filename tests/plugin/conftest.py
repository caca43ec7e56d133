"""The sample is a project of its own: its tests run when it is run, not among ours."""

collect_ignore = ["sample"]
