// One request, waited for: to see whether there is a server, and what it says.
#pragma once

#include "bench/load/wire/endpoint.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace wxlogind::load {

struct probe_reply {
    unsigned status{0}; // 0: there was none
    std::string body{};
    std::string trouble{}; // why there was none
};

[[nodiscard]] probe_reply
probe(const endpoint& server, std::string_view request, std::chrono::milliseconds at_most);

} // namespace wxlogind::load
