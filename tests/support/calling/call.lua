-- One caller for wrk: continues a session, so that only the journal grows.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = os.getenv("CALL")
