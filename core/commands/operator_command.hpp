// `wxlogind users`, `sessions`, `audit` and `keys reseal`: what an operator asks of a server, and how the
// answer is shown.
#pragma once

#include "core/net/one_exchange.hpp"

#include <string>

namespace wxlogind {

// Which answer is to be expected, and so how it looks as text.
enum class answer_shape : unsigned char {
    nothing,  // it was done
    document, // shown as it is
    users,    // {"users":[…],"next":…}
    sessions, // {"sessions":[…]}
    records,  // {"records":[…],"next":…}
    progress, // {"state":…}: asked for again until it is not "running"
};

struct operator_command {
    std::string config_file;
    std::string service_key_file; // "" = none is needed
    net::question what;
    answer_shape shape{answer_shape::nothing};
    bool every_page{false};
    bool as_json{false};
};

// Asks the server that the configuration's internal listener leads to; where none runs, one in this process,
// for as long as it takes, does it on the same files. Prints to standard output, and what went wrong to
// standard error. The exit status. Throws std::exception when there is no server to be asked.
[[nodiscard]] int carry_out(const operator_command& order);

} // namespace wxlogind
