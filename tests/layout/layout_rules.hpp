// Who may include what, and how a file has to be. Each rule returns what is wrong, or "".
#pragma once

#include "tests/layout/source_tree.hpp"

namespace wxlogind::test {

// Our own headers: written from the root, and only downwards.
[[nodiscard]] std::string check_include_directions(const source_file& file);
// Libraries that stay behind few files.
[[nodiscard]] std::string check_library_includes(const source_file& file);
[[nodiscard]] std::string check_header_guard(const source_file& file);
[[nodiscard]] std::string check_size(const source_file& file);

} // namespace wxlogind::test
