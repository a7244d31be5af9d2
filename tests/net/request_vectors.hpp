// Requests that a strict reader takes, and many that it has to refuse. Used against the reader alone and
// against a live socket.
#pragma once

#include "core/base/errors.hpp"

#include <string>
#include <vector>

namespace wxlogind::test {

struct request_vector {
    std::string name;
    std::string bytes;
    errc expected{}; // errc{} = a request
};

// Made once. Everything is within the default limits but for what is about them.
[[nodiscard]] const std::vector<request_vector>& request_vectors();

} // namespace wxlogind::test
