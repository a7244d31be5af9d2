// Which wxlogind this is.
#pragma once

#include <string_view>

namespace wxlogind {

// "0.1.0 (1a2b3c4)": the project's version, and the commit where the build knew it.
extern const std::string_view version;

} // namespace wxlogind
