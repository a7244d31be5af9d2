// One request on a connection of its own, for commands that ask a running wxlogind: blocking, plain HTTP.
#pragma once

#include "core/net/http.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::net {

struct question {
    method verb{method::get};
    std::string target;
    std::string body; // JSON; "" = none
    // Further fields. Values without CR, LF and NUL: std::invalid_argument otherwise.
    std::vector<std::pair<std::string_view, std::string>> fields;
};

struct answer {
    unsigned status{0};
    std::string body;
};

// Asks the listener at `address`, as listening_socket.hpp has it. Throws std::system_error when nobody
// listens there or the connection breaks, std::runtime_error when the answer is none, is over 64 MiB, or does
// not come within `patience`. Never on a reactor.
[[nodiscard]] answer ask(std::string_view address, const question& what, std::chrono::milliseconds patience);

} // namespace wxlogind::net
