// Sessions that were opened before the run, for the requests that need one. One thread's own.
#pragma once

#include <string>
#include <vector>

namespace wxlogind::load {

struct open_session {
    std::string token{};
    std::string refresh_token{};
};

using sessions = std::vector<open_session>;

} // namespace wxlogind::load
