// A file as one text.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace wxlogind::test {

// "" when there is no such file.
[[nodiscard]] inline std::string content_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

} // namespace wxlogind::test
