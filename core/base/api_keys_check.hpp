// Whether the keys of WeChat's API signature are such keys, before anybody works with them.
#pragma once

#include "core/base/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind {

struct wrong_api_key {
    std::string_view key; // of the configuration: "api_key_file"
    std::string what;     // what is wrong, and what is wanted
};

// nullopt: they are off, or all there and good. Nothing of their content is in the answer. Any thread.
[[nodiscard]] std::optional<wrong_api_key> check_api_keys(const api_key_settings& keys);

// The 32 bytes that stand in key_file as base64; empty when they do not.
[[nodiscard]] secret symmetric_key_of(const api_key_settings& keys);

} // namespace wxlogind
