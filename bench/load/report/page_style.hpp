// How the report's page looks.
#pragma once

#include <string_view>

namespace wxlogind::load {

// CSS for light and dark screens, and for paper.
[[nodiscard]] std::string_view page_style() noexcept;

} // namespace wxlogind::load
