#include "tests/support/simulated_wechat.hpp"

#include "tests/support/leak_watch.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace wxlogind::test {

namespace {

std::string app_argument(std::string_view appid, std::string_view secret) {
    std::string argument{appid};
    argument += '=';
    argument += secret;
    argument += ",group";
    return argument;
}

} // namespace

simulated_wechat::simulated_wechat(const std::vector<std::string>& more_arguments) {
    std::vector<std::string> command{
        program_path("wechat-sim"),
        "--listen",
        "127.0.0.1:0",
        "--control",
        "127.0.0.1:0",
        "--seed",
        "1",
        "--ca-file",
        ca_file(),
        "--app",
        app_argument(first_appid, first_secret),
        "--app",
        app_argument(second_appid, second_secret)};
    command.insert(command.end(), more_arguments.begin(), more_arguments.end());
    if (report_leak != nullptr) command.insert(command.end(), {"--record", record()});
    process_ = std::make_unique<child_process>(std::move(command), files_.file("simulator.log"));
    const std::string ready =
        process_->wait_for_line([](std::string_view line) { return line.starts_with("{\"listen\""); });
    const auto addresses = boost::json::parse(ready).as_object();
    address_ = text_of(addresses, "listen");
    control_ = text_of(addresses, "control");
}

std::string simulated_wechat::base_url() const {
    return "https://localhost" + address_.substr(address_.rfind(':'));
}

std::string simulated_wechat::mint_code(std::string_view user, std::string_view appid) const {
    const boost::json::object wish{{"appid", appid}, {"user", user}};
    return text_of(json_of(http_post(control_, "/codes", boost::json::serialize(wish))), "code");
}

void simulated_wechat::inject(std::string_view fault_json) const {
    const http_reply reply = http_post(control_, "/faults", fault_json);
    if (reply.status / 100 != 2) throw std::runtime_error{"the simulator refuses the fault: " + reply.body};
}

void simulated_wechat::clear_faults() const {
    http_connection{control_}.exchange("DELETE /faults HTTP/1.1\r\nHost: test\r\n\r\n");
}

unsigned simulated_wechat::exchanges_of(std::string_view code) const {
    const auto counted = json_of(http_get(control_, "/exchanges?code=" + std::string{code}));
    return static_cast<unsigned>(counted.at("arrived").to_number<std::int64_t>());
}

boost::json::object json_of(const http_reply& reply) {
    boost::system::error_code error;
    auto value = boost::json::parse(reply.body, error);
    if (error || !value.is_object())
        throw std::runtime_error{
            "not a JSON object (status " + std::to_string(reply.status) + "): " + reply.body};
    return std::move(value.as_object());
}

std::string text_of(const boost::json::object& from, std::string_view name) {
    const auto* const member = from.if_contains(name);
    if (member == nullptr || !member->is_string())
        throw std::runtime_error{"no text " + std::string{name} + " in " + boost::json::serialize(from)};
    return std::string{std::string_view{member->as_string()}};
}

} // namespace wxlogind::test
