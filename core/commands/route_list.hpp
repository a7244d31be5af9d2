// `wxlogind routes`: every call that is answered, for whoever sets up a balancer or a service key.
#pragma once

#include "core/commands/check_config.hpp"
#include "core/commands/command_line.hpp"

namespace wxlogind {

// A line a call: listener, methods, path, and the scope that a service key needs for it. As JSON:
// {"ok":true,"routes":[{"listener","methods":[...],"path","scope"}]}, scope "" where no key is needed.
[[nodiscard]] config_report list_routes(const routes_command& order);

} // namespace wxlogind
