// storage.url, taken apart.
#pragma once

#include "core/base/errors.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::storage {

struct store_url {
    std::string scheme;
    std::string path; // what stands between "scheme:" and "?"
    std::vector<std::pair<std::string, std::string>> parameters;
};

// "scheme:path?name=value&name=value". Nothing is percent-decoded: a path is a path.
// errc::invalid_request with a detail for the operator.
[[nodiscard]] result<store_url> parse_store_url(std::string_view url);

} // namespace wxlogind::storage
