#include "tests/e2e/reloaded_keys.hpp"

#include "tests/support/metrics_text.hpp"
#include "tests/support/open_data.hpp"

#include <boost/json.hpp>

#include <utility>

#include <poll.h>

namespace wxlogind::test {

using namespace std::chrono_literals;

namespace {

using change = std::function<void(deployment_options&)>;
using options = deployment_options;

// Changes of one member of the options.
change to(std::string options::* member, std::string text) {
    return [member, text = std::move(text)](options& it) { it.*member = text; };
}
// One event loop: one pool, one breaker.
change alone(std::string wechat) {
    return [wechat = std::move(wechat)](options& it) {
        it.threads = 1;
        it.wechat = wechat;
    };
}

std::string status_of(const http_reply& reply) {
    return std::to_string(reply.status);
}

// Times: shorter than any that is not the key's own, long beside what the server needs on a slow machine. The
// cases run side by side, so that it is not the sum of these that a test waits.
constexpr auto soon = 8000ms;

std::string ends_after(const session_deployment& on, std::string_view bytes) {
    http_connection client{on.public_address()};
    client.send(bytes);
    return client.closes_within(soon) ? "closed" : "open";
}

std::string waits_idle(const session_deployment& on) {
    http_connection client{on.public_address()};
    if (client.exchange(get_request("/healthz")).status != 200) return "no answer";
    return client.closes_within(soon) ? "closed" : "open";
}

// Answers that nobody takes fill the socket.
std::string reads_nothing(const session_deployment& on) {
    http_connection client{on.internal_address()};
    std::string requests;
    for (int i = 0; i < 900; ++i) requests += get_request("/metrics");
    client.send(requests);
    pollfd ended{client.native_handle(), 0, 0}; // errors only: the answers stay unread
    return ::poll(&ended, 1, static_cast<int>(soon.count())) == 1 ? "closed" : "open";
}

std::string long_header(const session_deployment& on) {
    return status_of(http_get(on.public_address(), "/healthz", "X-Long: " + std::string(2000, 'x') + "\r\n"));
}

std::string many_connections(const session_deployment& on) {
    std::vector<http_connection> clients;
    unsigned served = 0;
    for (int i = 0; i < 12; ++i)
        served += clients.emplace_back(on.public_address()).exchange(get_request("/healthz")).status == 200;
    return served == clients.size() ? "all" : "some";
}

std::string without_proxy_header(std::string_view address) {
    http_connection client{address};
    client.send(get_request("/healthz"));
    const unsigned status = client.receive().status;
    return status == 0 ? "closed" : std::to_string(status);
}

metrics_text scrape(const session_deployment& on) {
    return metrics_text{http_get(on.internal_address(), "/metrics").body};
}

// A second login while WeChat keeps the first one waiting.
std::string second_of_two_logins(const session_deployment& on) {
    on.inject(R"({"kind":"latency","latency":"fixed:2500","count":1})");
    http_connection first{on.public_address()};
    first.send(get_request("/login?code=" + on.mint_code("first")));
    wait_until([&] { return scrape(on).sum("wxlogind_wechat_connections", "busy") == 1; });
    std::string seen = status_of(on.log_in(on.mint_code("second")));
    if (first.receive().status != 200) seen += ", the first failed";
    return seen;
}

std::string fault_ends(const session_deployment& on, std::string_view fault) {
    on.inject(fault);
    const auto began = std::chrono::steady_clock::now();
    const unsigned status = on.log_in(on.mint_code("ann")).status;
    const auto took = std::chrono::steady_clock::now() - began;
    on.clear_faults();
    if (status == 200) return "no fault";
    return took < soon ? "soon" : "late";
}

std::string connection_after_a_pause(const session_deployment& on) {
    const auto reused = [&] { return scrape(on).value("wxlogind_wechat_reused_connections_total"); };
    const auto log_in = [&] { return on.log_in(on.mint_code("ann")).status == 200; };
    if (!log_in()) return "no login";
    const double before = reused();
    std::this_thread::sleep_for(1s); // the pause itself is what is tested
    if (!log_in()) return "no login";
    std::string seen = reused() == before ? "fresh" : "kept";
    std::this_thread::sleep_for(300ms); // a reload finds it idle for longer than the new value
    return seen;
}

std::string third_after_two_failures(const session_deployment& on) {
    on.inject(R"({"kind":"drop_after"})");
    for (int i = 0; i < 2; ++i) static_cast<void>(on.log_in(on.mint_code("ann")));
    const std::string code = on.mint_code("ann");
    static_cast<void>(on.log_in(code));
    on.clear_faults();
    return on.exchanges_of(code) == 0 ? "not sent" : "sent";
}

std::string after_the_breaker_opened(const session_deployment& on) {
    on.inject(R"({"kind":"drop_after"})");
    for (int i = 0; i < 3; ++i) static_cast<void>(on.log_in(on.mint_code("ann")));
    on.clear_faults();
    std::this_thread::sleep_for(300ms); // the pause itself is what is tested
    return status_of(on.log_in(on.mint_code("ann")));
}

std::string same_code_twice(const session_deployment& on) {
    const std::string code = on.mint_code("ann");
    const std::string first = status_of(on.log_in(code));
    return first + " " + status_of(on.log_in(code));
}

std::string same_refresh_token_twice(const session_deployment& on) {
    const auto login = json_of(on.log_in(on.mint_code("ann")));
    const std::string first = status_of(on.refresh(login));
    return first + " " + status_of(on.refresh(login));
}

std::string login_tells(const session_deployment& on, std::string_view member) {
    const auto login = json_of(on.log_in(on.mint_code("ann")));
    const auto* const found = login.if_contains(member);
    return found == nullptr ? "no" : found->is_string() ? "yes" : boost::json::serialize(*found);
}

std::string life_after_a_refresh(const session_deployment& on) {
    const auto login = json_of(on.log_in(on.mint_code("ann")));
    std::this_thread::sleep_for(5s); // it is the session's age that is tested
    const auto left = json_of(on.refresh(login)).at("refresh_expires_in").to_number<int>();
    return left > 596 ? "600" : "the rest"; // whole seconds, and some may pass before the answer is written
}

std::string two_logins_of(const session_deployment& on, std::string_view first, std::string_view second) {
    const std::string earlier = status_of(on.log_in(on.mint_code(first)));
    return earlier + " " + status_of(on.log_in(on.mint_code(second)));
}

std::string risky_nickname(const session_deployment& on) {
    static_cast<void>(
        http_post(on.control_address(), "/words", R"({"word":"badword","suggest":"risky","label":20006})"));
    const auto login = json_of(on.log_in(on.mint_code("ann")));
    return status_of(http_call(
        on.public_address(), "PATCH", "/me", R"({"nickName":"badword"})", session_deployment::bearer(login)));
}

std::string second_phone(const session_deployment& on) {
    make_user(on, R"({"user":"ann","phone":"13900000000"})");
    const auto login = json_of(on.log_in(on.mint_code("ann")));
    std::string seen;
    for (int i = 0; i < 2; ++i)
        seen = status_of(on.bind_phone(login, R"({"code":")" + phone_code_of(on, "ann") + R"("})"));
    return seen;
}

// Its own line stands in the log when that of the request after it does.
std::string slow_login(const session_deployment& on) {
    on.inject(R"({"kind":"latency","latency":"fixed:100","count":1})");
    const std::string id = on.log_in(on.mint_code("ann")).field("x-request-id");
    const std::string next = http_get(on.public_address(), "/healthz").field("x-request-id");
    wait_until([&] { return on.output().find(next) != std::string::npos; });
    const std::string log = on.output();
    return log.find(id, log.find(id) + 1) == std::string::npos ? "one line" : "two lines";
}

// Lines come in the order of the requests: with the last one's, those before have theirs or never will.
std::string lines_of_two_requests(const session_deployment& on) {
    const std::string good = http_get(on.public_address(), "/healthz").field("x-request-id");
    const std::string bad = http_get(on.public_address(), "/me").field("x-request-id");
    wait_until([&] { return on.output().find(bad) != std::string::npos; });
    return on.output().find(good) == std::string::npos ? "the failed one" : "both";
}

} // namespace

made_service_key make_service_key(const std::string& name, const std::string& scope) {
    const temporary_directory files;
    child_process program{
        {program_path("wxlogind"), "service-key", "new", name, "--json", "--scope", scope},
        files.file("out")};
    if (program.wait() != 0) throw std::runtime_error{program.output()};
    const auto made = boost::json::parse(program.output()).as_object();
    return {text_of(made, "key"), text_of(made, "hash")};
}

std::string with_service_key(std::string_view key) {
    return "Authorization: Bearer " + std::string{key} + "\r\n";
}

const std::vector<reloaded_key>& reloaded_keys() {
    const auto server = [](std::string text) { return to(&options::server, std::move(text)); };
    const auto wechat = [](std::string text) { return to(&options::wechat, std::move(text)); };
    const auto tokens = [](std::string text) { return to(&options::tokens, std::move(text)); };
    const auto app = [](std::string text) { return to(&options::first_app, std::move(text)); };
    const auto limits = [](const std::string& text) { return to(&options::sections, "[limits]\n" + text); };
    const auto public_proxy = [](auto& on) { return without_proxy_header(on.public_address()); };
    const auto internal_proxy = [](auto& on) { return without_proxy_header(on.internal_address()); };
    const auto same_user = [](auto& on) { return two_logins_of(on, "ann", "ann"); };
    const auto two_users = [](auto& on) { return two_logins_of(on, "ann", "bob"); };
    const auto hangs = [](auto& on) { return fault_ends(on, R"({"kind":"hang"})"); };
    const auto stalls = [](auto& on) { return fault_ends(on, R"({"kind":"tls_stall"})"); };
    const auto trickles = [](auto& on) { return fault_ends(on, R"({"kind":"slow_trickle","gap_ms":100})"); };
    static const made_service_key orders = make_service_key("orders", "users:read");
    const auto scope = [](const std::string& scopes) {
        return [scopes](options& it) {
            it.server = "require_service_keys = true\n";
            it.sections = "[[service_keys]]\nname = \"orders\"\nhash = \"" + orders.hash + "\"\nscopes = [" +
                          scopes + "]\n";
        };
    };
    const auto asks_for_users = [](auto& on) {
        return status_of(http_get(on.internal_address(), "/users", with_service_key(orders.key)));
    };
    const auto unnamed_app = [](auto& on) { return status_of(on.log_in(on.mint_code("ann"))); };
    const auto two_apps = [](options& it) {
        it.two_apps = true;
        it.first_app = "default = true\n";
    };

    static const std::string proxies = "trusted_proxies = [\"127.0.0.1\"]\n";
    static const std::string half_head = "GET /healthz HT";
    static const std::vector<reloaded_key> all{
        {"server.max_header_bytes", server(""), server("max_header_bytes = 1024\n"), long_header, "200",
         "431"},
        {"server.max_connections", server(""), server("max_connections = 8\n"), many_connections, "all",
         "some"},
        {"server.header_timeout_ms", server("header_timeout_ms = 60000\n"),
         server("header_timeout_ms = 100\n"), [](auto& on) { return ends_after(on, half_head); }, "open",
         "closed"},
        {"server.body_timeout_ms", server("body_timeout_ms = 60000\n"), server("body_timeout_ms = 100\n"),
         [](auto& on) { return ends_after(on, half_a_login); }, "open", "closed"},
        {"server.keep_alive_timeout_ms", server(""), server("keep_alive_timeout_ms = 100\n"), waits_idle,
         "open", "closed"},
        {"server.write_timeout_ms", server("write_timeout_ms = 60000\n"), server("write_timeout_ms = 100\n"),
         reads_nothing, "open", "closed"},
        {"server.proxy_protocol", server(proxies), server(proxies + "proxy_protocol = true\n"), public_proxy,
         "200", "closed"},
        {"server.internal_proxy_protocol", server(proxies),
         server(proxies + "internal_proxy_protocol = true\n"), internal_proxy, "200", "closed"},
        {"wechat.max_connections", alone("max_connections = 8\nmax_waiting = 0\n"),
         wechat("max_connections = 1\nmax_waiting = 0\n"), second_of_two_logins, "200", "503"},
        {"wechat.max_waiting", alone("max_connections = 1\nmax_waiting = 8\n"),
         wechat("max_connections = 1\nmax_waiting = 0\n"), second_of_two_logins, "200", "503"},
        {"wechat.first_byte_timeout_ms", wechat("timeout_ms = 9000\nfirst_byte_timeout_ms = 9000\n"),
         wechat("timeout_ms = 9000\nfirst_byte_timeout_ms = 100\n"), hangs, "late", "soon"},
        {"wechat.timeout_ms", wechat("timeout_ms = 9000\n"),
         wechat("timeout_ms = 300\nconnect_timeout_ms = 300\ntls_timeout_ms = 300\nfirst_byte_timeout_ms = "
                "300\n"),
         trickles, "late", "soon"},
        {"wechat.tls_timeout_ms", wechat("timeout_ms = 9000\ntls_timeout_ms = 9000\n"),
         wechat("timeout_ms = 9000\ntls_timeout_ms = 100\n"), stalls, "late", "soon"},
        {"wechat.idle_timeout_ms", alone("idle_timeout_ms = 60000\n"), wechat("idle_timeout_ms = 100\n"),
         connection_after_a_pause, "kept", "fresh"},
        {"wechat.breaker_failures", alone("breaker_failures = 1000\n"),
         wechat("breaker_failures = 2\nbreaker_pause_ms = 600000\n"), third_after_two_failures, "sent",
         "not sent"},
        {"wechat.breaker_pause_ms", alone("breaker_failures = 2\nbreaker_pause_ms = 10\n"),
         wechat("breaker_failures = 2\nbreaker_pause_ms = 600000\n"), after_the_breaker_opened, "200", "503"},
        {"wechat.replay_window_ms", wechat("replay_window_ms = 60000\n"), wechat("replay_window_ms = 0\n"),
         same_code_twice, "200 200", "200 401"},
        {"apps.default", two_apps, app(""), unnamed_app, "200", "400"},
        {"apps.expose_openid", app(""), app("expose_openid = false\n"),
         [](auto& on) { return login_tells(on, "openid"); }, "yes", "no"},
        {"apps.expose_unionid", app(""), app("expose_unionid = false\n"),
         [](auto& on) { return login_tells(on, "unionid"); }, "yes", "no"},
        {"apps.nickname_check", app(""), app("nickname_check = \"refuse\"\n"), risky_nickname, "200", "400"},
        {"apps.sessions_per_user", app(""), app("sessions_per_user = 1\n"),
         [](auto& on) {
             const auto first = json_of(on.log_in(on.mint_code("ann")));
             static_cast<void>(on.log_in(on.mint_code("ann")));
             return status_of(on.verify(first));
         },
         "200", "401"},
        {"apps.logins_per_app", app(""), app("logins_per_app = 1\n"), two_users, "200 200", "200 429"},
        {"apps.phone_daily_budget", app(""), app("phone_daily_budget = 1\n"), second_phone, "200", "429"},
        {"service_keys.scopes", scope("\"metrics\""), scope("\"users:read\""), asks_for_users, "403", "200"},
        {"tokens.access_ttl_s", tokens(""), tokens("access_ttl_s = 60\n"),
         [](auto& on) { return login_tells(on, "expires_in"); }, "7200", "60"},
        {"tokens.refresh_ttl_s", tokens(""), tokens("access_ttl_s = 60\nrefresh_ttl_s = 600\n"),
         [](auto& on) { return login_tells(on, "refresh_expires_in"); }, "2592000", "600"},
        {"tokens.session_ttl_s", tokens("access_ttl_s = 60\nrefresh_ttl_s = 600\nsession_ttl_s = 600\n"),
         tokens("access_ttl_s = 60\nrefresh_ttl_s = 600\nsession_ttl_s = 6000\n"), life_after_a_refresh,
         "the rest", "600"},
        {"tokens.refresh_grace_s", tokens(""), tokens("refresh_grace_s = 0\n"), same_refresh_token_twice,
         "200 200", "200 401"},
        {"limits.requests_per_user", limits("requests_per_user = 0\n"), limits("requests_per_user = 1\n"),
         same_user, "200 200", "200 429"},
        {"limits.logins_per_app", limits("logins_per_app = 0\n"), limits("logins_per_app = 1\n"), two_users,
         "200 200", "200 429"},
        {"log.requests", to(&options::log, "requests = \"failed\"\n"),
         to(&options::log, "requests = \"all\"\n"), lines_of_two_requests, "the failed one", "both"},
        {"log.slow_request_ms", to(&options::log, "slow_request_ms = 0\n"),
         to(&options::log, "slow_request_ms = 50\n"), slow_login, "one line", "two lines"},
    };
    return all;
}

} // namespace wxlogind::test
