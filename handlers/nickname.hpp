// Nicknames, as people and those who tease them type them.
#pragma once

#include "core/base/errors.hpp"

#include <string>
#include <string_view>

namespace wxlogind::handlers {

// What is kept of a nickname. White space and invisible characters are cut off both ends; characters that
// turn the direction of what stands behind them (U+202E and its like), and those that only make two equal
// names differ (zero-width space and the like), are taken out wherever they stand. The joiners that emoji and
// some scripts need stay. Empty when there is nothing to be seen. errc::invalid_request: control characters,
// line ends among them. `sent` is well-formed UTF-8.
[[nodiscard]] result<std::string> tidy_nickname(std::string_view sent);

} // namespace wxlogind::handlers
