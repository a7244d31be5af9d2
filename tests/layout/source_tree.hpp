// The source tree as text: what the layout's rules look at.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wxlogind::test {

struct source_file {
    std::string path; // from the root: "core/base/log.hpp"
    std::string text;
    std::vector<std::string> quoted_includes; // "core/base/log.hpp"
    std::vector<std::string> system_includes; // <sqlite3.h>, without the brackets
    std::size_t code_lines{0};                // neither empty nor a comment alone

    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
};

// The .cpp and .hpp files under our own directories of `root`, by name.
[[nodiscard]] std::vector<source_file> read_source_tree(const std::filesystem::path& root);

[[nodiscard]] source_file read_source(std::string path, std::string text);

} // namespace wxlogind::test
