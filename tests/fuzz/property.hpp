// What the properties of several fuzzers share, and the tests that replay their corpora.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wxlogind::test {

inline void must_hold(bool holds, const char* what) {
    if (!holds) throw std::logic_error{what};
}

// Calls `check` with every file of tests/fuzz/corpus/NAME, and with every text that differs from one in a
// byte or ends early. Returns how many there were.
template <class Check>
std::size_t replay_corpus(const std::string& name, Check check) {
    const char* const source = std::getenv("WXLOGIND_SOURCE_DIR"); // ctest sets it
    const std::filesystem::path root = source == nullptr ? "." : source;
    std::size_t count = 0;
    const auto run = [&](std::string_view text) {
        check(text);
        ++count;
    };
    for (const auto& entry : std::filesystem::directory_iterator{root / "tests/fuzz/corpus" / name}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        run(text);
        for (std::size_t at = 0; at < text.size(); ++at) {
            run(std::string_view{text}.substr(0, at));
            for (const char other :
                 {'\0', '"', '\\', '0', '}', '=', '\x80', static_cast<char>(text[at] ^ 1)}) {
                std::string changed = text;
                changed[at] = other;
                run(changed);
            }
        }
    }
    return count;
}

} // namespace wxlogind::test
