-- Asks wxlogind about the token of a request. HAProxy >= 2.6, in its global section:
--
--   lua-load /etc/haproxy/forward_auth.lua
--
-- and in a frontend:  http-request lua.wxlogind_verify http://127.0.0.1:8081/verify
--
-- Sets txn.wxlogind_status to wxlogind's answer (200 or 401; 503 when there is none), and, for a valid token,
-- txn.wxlogind_user, _app, _session and _openid.

local variables = {
    ["x-user-id"] = "txn.wxlogind_user",
    ["x-app-id"] = "txn.wxlogind_app",
    ["x-session-id"] = "txn.wxlogind_session",
    ["x-openid"] = "txn.wxlogind_openid",
}

core.register_action("wxlogind_verify", { "http-req" }, function(txn, url)
    -- Exactly one: with two of them, the service might believe the other.
    local authorization = txn.http:req_get_headers()["authorization"]
    if authorization == nil or authorization[0] == nil or authorization[1] ~= nil then
        txn:set_var("txn.wxlogind_status", 401)
        return
    end
    -- The token and nothing else: no body, no header of the client's.
    local answer = core.httpclient():get{
        url = url,
        headers = { ["authorization"] = { authorization[0] } },
        timeout = 2000,
    }
    if answer == nil or (answer.status ~= 200 and answer.status ~= 401) then
        txn:set_var("txn.wxlogind_status", 503)
        return
    end
    if answer.status == 200 then
        for name, variable in pairs(variables) do
            local value = answer.headers[name]
            if value ~= nil then txn:set_var(variable, value[0]) end
        end
    end
    txn:set_var("txn.wxlogind_status", answer.status)
end, 1)
