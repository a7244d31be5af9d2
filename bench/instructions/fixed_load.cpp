#include "bench/instructions/fixed_load.hpp"

#include <boost/json.hpp>

#include <array>
#include <stdexcept>

namespace wxlogind::bench {

namespace {

constexpr std::array phases{
    load_phase{"warm-up", &fixed_load::log_in_first_time, 200},
    load_phase{"first_login", &fixed_load::log_in_first_time, 500},
    load_phase{"returning_login", &fixed_load::log_in_again, 500},
    load_phase{"verify", &fixed_load::verify, 1000},
};

// "0L", the user's number, twenty more: no two alike.
std::string load_code(std::size_t user, std::size_t login) {
    const auto padded = [](std::size_t number, std::size_t width) {
        std::string digits = std::to_string(number);
        return std::string(width - digits.size(), '0') + digits;
    };
    return "0L" + padded(user, 10) + padded(login, 20);
}

test::http_reply expect_ok(test::http_reply reply) {
    if (reply.status == 200) return reply;
    throw std::runtime_error{"status " + std::to_string(reply.status) + ": " + reply.body};
}

} // namespace

std::span<const load_phase> load_phases() noexcept {
    return phases;
}

void send(fixed_load& load, const load_phase& what) {
    for (std::size_t sent = 0; sent < what.count; ++sent) (load.*what.request)();
}

void fixed_load::prepare(test::deployment_options& options) {
    options.threads = 1;
    options.server += "max_requests_per_connection = 1000000\n";
    options.simulator.insert(options.simulator.end(), {"--load-codes", "--rate-limit", "0"});
}

fixed_load::fixed_load(const test::deployment& to)
    : to_{to}, public_{to.public_address()}, internal_{to.internal_address()} {}

void fixed_load::log_in_first_time() {
    log_in(users_++);
}

void fixed_load::log_in_again() {
    // A session_key lives for a minute at the simulator: from here on everybody has a new one.
    if (returned_ == 0) test::http_post(to_.control_address(), "/clock", R"({"advance_s":120})");
    log_in(returned_++);
}

void fixed_load::log_in(std::size_t user) {
    const std::string body = R"({"code":")" + load_code(user, logins_++) + R"("})";
    const auto reply = expect_ok(public_.exchange(test::post_json_request(
        "/login", body,
        "User-Agent: Mozilla/5.0 (iPhone) MicroMessenger/8.0.40\r\n"
        "Referer: https://servicewechat.com/wx0123456789abcdef/1/page-frame.html\r\n")));
    token_ = test::text_of(test::json_of(reply), "token");
}

void fixed_load::verify() {
    expect_ok(internal_.exchange(test::get_request("/verify", "Authorization: Bearer " + token_ + "\r\n")));
}

void fixed_load::mark() {
    expect_ok(public_.exchange(test::get_request("/healthz")));
}

} // namespace wxlogind::bench
