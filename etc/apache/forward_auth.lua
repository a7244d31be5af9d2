-- Asks wxlogind about the token of a request, for mod_lua's LuaHookAccessChecker; see wxlogind.conf. It blocks
-- the request's thread, for two seconds at most.

local http = require "socket.http"
http.TIMEOUT = 2

-- What only we may say. Your service can rely on them.
local ours = { ["x-user-id"] = true, ["x-app-id"] = true, ["x-session-id"] = true, ["x-openid"] = true }

function verify(r)
    -- Whatever the client sent under these names goes, with '_' for '-' as well, since services behind CGI or
    -- WSGI cannot tell the two apart.
    for name in pairs(r:headers_in_table()) do
        if ours[name:lower():gsub("_", "-")] then r.headers_in[name] = nil end
    end
    -- A client could name ours in it, and the proxy takes away what stands there.
    r.headers_in["Connection"] = nil

    -- The token and nothing else: no body, no header of the client's. Of two fields Apache makes one, which is
    -- no token.
    local asked, status, answer = http.request{
        url = r.subprocess_env["WXLOGIND_VERIFY"],
        headers = { ["authorization"] = r.headers_in["Authorization"] },
        redirect = false,
    }
    if asked and status == 200 then
        for name in pairs(ours) do r.headers_in[name] = answer[name] end
        return apache2.OK
    end
    if asked and status == 401 then
        r.err_headers_out["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return 401
    end
    return 503
end
