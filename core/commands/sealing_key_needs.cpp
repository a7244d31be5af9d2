#include "core/commands/sealing_key_needs.hpp"

#include "core/commands/operator_output.hpp"
#include "core/commands/server_access.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <stdexcept>

namespace wxlogind {

namespace {

namespace json = boost::json;

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
    throw std::runtime_error{"key \"" + key + "\" " + why};
}

net::answer seal_again(const server_access& server) {
    const std::string target = "/keys/reseal";
    net::question begin;
    begin.verb = net::method::post;
    begin.target = target;
    net::answer got = wait_for_end(server, target, server.ask(begin));
    if (got.status >= 300) throw std::runtime_error{render_problem(got.status, got.body, server)};
    return got;
}

std::string left_text(std::uint64_t values) {
    return values == 1 ? "1 value" : std::to_string(values) + " values";
}

} // namespace

void see_that_nothing_needs(
    const std::string& key, const std::string& newest, bool even_if_damaged, const config& settings,
    const std::string& service_key_file) {
    const server_access server{settings, service_key_in(service_key_file)};
    const json::object state = json::parse(seal_again(server).body).as_object();
    if (const json::string& seals = state.at("newest").as_string(); seals != newest)
        refuse(key, "may still be used: the server seals with " + std::string{seals} + ". SIGHUP it first");
    const json::value* const left = state.if_contains("left");
    if (left == nullptr)
        refuse(
            key, "is not retired: not all was sealed again, the log of the server says why; start it again");
    const json::value* const count = left->as_object().if_contains(key);
    if (count == nullptr || even_if_damaged) return;
    refuse(
        key,
        "is not retired: " + left_text(count->to_number<std::uint64_t>()) +
            " in the database that it has sealed cannot be opened, and so not be sealed again. Either "
            "they were damaged, or the key is not the one of then: put back the file of the keys, or the "
            "database, as it was; session keys go with their sessions. To give them up: --force");
}

} // namespace wxlogind
