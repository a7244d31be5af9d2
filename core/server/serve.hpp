// Running until told to stop.
#pragma once

#include "core/base/config.hpp"

namespace wxlogind {

// Serves until SIGTERM or SIGINT, then leaves in stages: not ready (drain_delay), no new connections,
// requests in flight finished (at most drain_timeout), writes on disk. A second signal leaves at once.
// SIGHUP reloads what server::reload names, and changes nothing when a part of it is not good.
// Returns the exit status. Throws std::exception when it cannot start. The main thread, before any other is
// started: it blocks the signals for all of them.
int serve(const config& settings);

} // namespace wxlogind
