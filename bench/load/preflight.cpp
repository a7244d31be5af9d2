#include "bench/load/preflight.hpp"

#include "bench/load/wire/probe.hpp"

#include <fstream>
#include <stdexcept>

#include <sys/resource.h>

namespace wxlogind::load {

namespace {

constexpr std::chrono::seconds patience{10};
// For files, the log, epoll.
constexpr std::size_t other_descriptors = 64;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what};
}

// The member `name` of a problem document, a text or a number.
std::string member(std::string_view body, std::string_view quoted_name) {
    const std::string_view text = text_member(body, quoted_name);
    if (!text.empty()) return std::string{text};
    const std::size_t at = body.find(quoted_name);
    if (at == std::string_view::npos) return {};
    body.remove_prefix(std::min(at + quoted_name.size() + 1, body.size()));
    return std::string{body.substr(0, body.find_first_not_of("-0123456789"))};
}

std::string advice_for(const probe_reply& reply) {
    const std::string errcode = member(reply.body, "\"errcode\"");
    if (errcode == "40029" || errcode == "40163")
        return "WeChat does not take the codes that the harness makes up: start wechat-sim with --load-codes";
    const std::string code = member(reply.body, "\"code\"");
    if (code == "code_rejected")
        return "the code was not taken: is it wechat-sim, with --load-codes, that stands in for WeChat?";
    if (code == "rate_limited" || errcode == "45011")
        return "there is a limit of rates: start wechat-sim with --rate-limit 0";
    if (code == "wechat_misconfigured")
        return "the server's appid and secret have to be those of the simulator's --app";
    if (code == "wechat_unavailable" || code == "wechat_timeout")
        return "does the server reach its WeChat (wechat.base_url, wechat.ca_file)?";
    if (code == "invalid_request" && reply.body.find("appid") != std::string::npos)
        return "--appid has to name an app of the server's configuration";
    if (reply.status == 404) return "is it wxlogind's public listener (server.listen)?";
    return {};
}

void check_reply(const probe_reply& reply, const endpoint& server, const std::string& expected) {
    if (reply.status == 0)
        fail(
            "no answer from " + server.text() + ": " + reply.trouble +
            "; start wxlogind there, or say where it is with --target, or let --try-out start one");
    if (reply.status == 200 && reply.body.find(expected) != std::string::npos) return;
    const std::string code = member(reply.body, "\"code\"");
    if (reply.status == 503 && code == "overloaded") return; // as it should be while another run pushes it
    const std::string advice = advice_for(reply);
    std::string what = server.text() + " answers with status " + std::to_string(reply.status);
    const std::string detail = member(reply.body, "\"detail\"");
    if (!code.empty()) what += " " + code;
    if (!detail.empty()) what += " (" + detail + ")";
    if (reply.status == 200) what += " and without " + expected + ": " + reply.body.substr(0, 200);
    fail(advice.empty() ? what : what + "; " + advice);
}

} // namespace

void check_server(
    const options& wanted, scenario& what, const endpoint& open_to_all, const endpoint& internal) {
    check_reply(
        probe(open_to_all, what.first_request(), patience), open_to_all, std::string{what.expected_first()});
    if (what.uses("verify")) {
        const probe_reply reply =
            probe(internal, "GET /verify HTTP/1.1\r\nHost: localhost\r\n\r\n", patience);
        if (reply.status == 0)
            fail(
                "no answer from " + internal.text() + ": " + reply.trouble +
                "; --internal has to be wxlogind's internal listener");
        if (reply.status == 404)
            fail(internal.text() + " has no /verify; --internal has to be wxlogind's internal listener");
    }
    if (what.uses("refresh")) {
        const probe_reply reply = probe(
            open_to_all,
            post_request(
                {open_to_all.text(), wanted.appid, {}, false}, "/token/refresh",
                R"({"refresh_token":"none"})"),
            patience);
        if (reply.status == 404) fail("this server has no /token/refresh");
    }
}

void allow_connections(std::size_t count) {
    const std::size_t needed = count + other_descriptors;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    rlim_t most = 0;
    std::ifstream{"/proc/sys/fs/nr_open"} >> most;
    if (limit.rlim_max < needed && needed <= most) {
        // Only root may.
        rlimit raised{needed, needed};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < needed)
        fail(
            "so many connections need " + std::to_string(needed) + " file descriptors, and " +
            std::to_string(limit.rlim_max) + " are allowed: raise it (ulimit -Hn), or take fewer");
}

} // namespace wxlogind::load
