-- The yardstick: wrk's own POST rate at the receiver, with a body of the size that deliveries have.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = string.rep("x", 600)
