// Files that hold one secret.
#pragma once

#include "core/base/secret.hpp"

#include <stdexcept>
#include <string>

namespace wxlogind {

// "what is wrong (what is allowed)"; the caller knows where the name of the file came from.
class secret_file_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The content of `path`, without one line end behind it. Throws secret_file_error when it cannot be read, is
// empty or over 4 KiB, is not a regular file, or may be read by others than owner and group.
[[nodiscard]] secret read_secret_file(const std::string& path);

} // namespace wxlogind
