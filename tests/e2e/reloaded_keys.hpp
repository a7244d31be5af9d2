// The keys that a SIGHUP takes in, each with a change and what a client sees of it.
#pragma once

#include "tests/support/session_deployment.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace wxlogind::test {

struct reloaded_key {
    std::string_view name; // section and key
    std::function<void(deployment_options&)> before;
    std::function<void(deployment_options&)> after;
    std::function<std::string(const session_deployment&)> sees;
    std::string_view was;
    std::string_view is;
};

[[nodiscard]] const std::vector<reloaded_key>& reloaded_keys();

// Its body has begun.
inline constexpr std::string_view half_a_login{
    "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"};

// What another process is about to do. Throws std::runtime_error after 20 s.
template <class Condition>
void wait_until(Condition holds) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > limit) throw std::runtime_error{"waited in vain"};
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

struct made_service_key {
    std::string key;
    std::string hash;
};
// As an operator makes one.
[[nodiscard]] made_service_key make_service_key(const std::string& name, const std::string& scope);
[[nodiscard]] std::string with_service_key(std::string_view key);

} // namespace wxlogind::test
