// What can be known to go wrong before the load begins, and what helps.
#pragma once

#include "bench/load/options.hpp"
#include "bench/load/scenario/scenario.hpp"
#include "bench/load/wire/endpoint.hpp"

#include <string>

namespace wxlogind::load {

// Sends one request of the scenario. Throws std::runtime_error that says what is wrong and what helps.
void check_server(
    const options& wanted, scenario& what, const endpoint& open_to_all, const endpoint& internal);

// Raises the limit of open files as far as it goes. Throws std::runtime_error when that is not enough for so
// many connections.
void allow_connections(std::size_t count);

} // namespace wxlogind::load
