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

// From one run to the next, in a file that only its owner reads: the tokens, one a line. Shared out among the
// threads, whose number may be another. False: there is no such file. Both throw std::runtime_error.
[[nodiscard]] bool read_tokens(const std::string& file, std::vector<sessions>& by_thread);
void keep_tokens(const std::string& file, const std::vector<sessions>& by_thread);

} // namespace wxlogind::load
