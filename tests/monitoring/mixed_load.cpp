#include "tests/monitoring/mixed_load.hpp"

#include "tests/support/certificates.hpp"
#include "tests/support/open_data.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <stdexcept>

namespace wxlogind::test {

namespace {

deployment_options everything_counted() {
    deployment_options options;
    options.two_apps = true;
    options.simulator = {"--load-codes", "--rate-limit", "0"};
    // Of clients whose address a proxy tells; those on loopback, as the bench, are not counted.
    options.server = "trusted_proxies = [\"127.0.0.1\"]\n";
    options.sections = "[limits]\nlogins_per_address = 1\nrequests_per_user = 0\n";
    options.first_app = "default = true\nphone_daily_budget = 1\n";
    return options;
}

void expect(const http_reply& reply, unsigned status, std::string_view what) {
    if (reply.status != status)
        throw std::runtime_error{
            std::string{what} + " was answered with " + std::to_string(reply.status) + ": " + reply.body};
}

std::string scrape_of(const deployment& server) {
    const http_reply reply = http_get(server.internal_address(), "/metrics");
    expect(reply, 200, "GET /metrics");
    return reply.body;
}

} // namespace

mixed_load::mixed_load() : running_{everything_counted()} {
    const http_reply first = running_.log_in(running_.mint_code("vera"));
    expect(first, 200, "a login");
    login_ = json_of(first);
}

void mixed_load::begin() {
    std::vector<std::string> command{program_path("wxlogin-bench"), "mix"};
    for (const std::string& each :
         {std::string{"--mix"}, std::string{"returning=6,first=2,double-tap=1,verify=6,me=1,refresh=2"},
          std::string{"--target"}, running_.public_address(), std::string{"--internal"},
          running_.internal_address(), std::string{"--rate"}, std::string{"150"}, std::string{"--users"},
          std::string{"100"}, std::string{"--sessions"}, std::string{"20"}, std::string{"--duration"},
          std::string{"600s"}, std::string{"--warm-up"}, std::string{"0s"}, std::string{"--no-server"},
          std::string{"--quiet"}})
        command.push_back(each);
    bench_ = std::make_unique<child_process>(std::move(command), files_.file("bench.out"));
}

void mixed_load::happen() {
    if (bench_ != nullptr && bench_->poll().has_value())
        throw std::runtime_error{"wxlogin-bench has ended: " + bench_->output()};
    happen_to_sessions();
    happen_at_wechat();
    happen_to_the_reader();
}

void mixed_load::happen_to_sessions() {
    const std::string before = text_of(login_, "refresh_token");
    const http_reply next = running_.refresh_with(before);
    expect(next, 200, "a refresh");
    expect(running_.refresh_with(before), 200, "a refresh whose answer was lost");
    login_ = json_of(next);
    expect(running_.verify(login_), 200, "a token check");
    // Not one user alone: 3,125 logouts of one are more than are remembered exactly.
    const std::string leaves = "walter" + std::to_string(++rounds_ % 64);
    const auto other = json_of(running_.log_in(running_.mint_code(leaves)));
    expect(running_.log_out(other), 204, "a logout");
    expect(running_.verify(other), 401, "a token check after a logout");
    // The first of the day is asked for, the others are over the budget.
    const std::string code = R"({"code":")" + phone_code_of(running_, "vera") + R"("})";
    const unsigned bound = running_.bind_phone(login_, code).status;
    if (bound != 200 && bound != 429) throw std::runtime_error{"POST /me/phone: " + std::to_string(bound)};
    const std::string token = "/wechat/access-token?appid=" + std::string{first_appid};
    expect(http_get(running_.internal_address(), token), 200, "GET /wechat/access-token");
}

void mixed_load::happen_at_wechat() {
    const std::string second{second_appid};
    const auto fail = [&](const std::string& fault, unsigned status) {
        running_.inject(
            "{" + fault + R"(,"appid":")" + second + R"(","path":"/sns/jscode2session","count":1})");
        expect(
            running_.log_in(running_.mint_code("xenia", second), "&appid=" + second), status,
            "a login with the fault " + fault);
    };
    fail(R"("kind":"errcode","errcode":40125)", 502);
    fail(R"("kind":"errcode","errcode":-87654)", 502);
    fail(R"("kind":"body","named":"truncated")", 502);
    expect(running_.log_in("0c0de0that0nobody0has0made0000000", "&appid=" + second), 401, "a false code");
}

void mixed_load::happen_to_the_reader() const {
    const std::string from = "X-Forwarded-For: 203.0.113.9\r\n";
    (void)http_get(running_.public_address(), "/login?code=c0de", from);
    expect(http_get(running_.public_address(), "/login?code=c0de", from), 429, "a login over a quota");
    expect(http_get(running_.public_address(), "/no/such/path"), 404, "an unknown path");
    http_connection rude{running_.public_address()};
    expect(rude.exchange("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400, "what is no HTTP");
}

std::string mixed_load::end() {
    if (const int status = running_.stop_wxlogind(); status != 0)
        throw std::runtime_error{"wxlogind ended with " + std::to_string(status)};
    return running_.wxlogind().output();
}

std::string mixed_load::scrape() const {
    return scrape_of(running_);
}

tls_neighbour::tls_neighbour() {
    const certificate shown = make_self_signed();
    std::ofstream{files_.file("certificate.pem")} << shown.certificate_pem;
    std::ofstream{files_.file("key.pem")} << shown.key_pem;
    deployment_options options;
    options.server = "tls_certificate_file = \"" + files_.file("certificate.pem") + "\"\ntls_key_file = \"" +
                     files_.file("key.pem") + "\"\n";
    running_ = std::make_unique<deployment>(options);
}

std::string tls_neighbour::scrape() const {
    return scrape_of(*running_);
}

} // namespace wxlogind::test
