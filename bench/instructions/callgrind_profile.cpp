#include "bench/instructions/callgrind_profile.hpp"

#include <charconv>
#include <stdexcept>

namespace wxlogind::bench {

std::uint64_t instructions_in(std::string_view profile) {
    constexpr std::string_view label = "\nsummary: ";
    std::uint64_t count = 0;
    const std::size_t at = profile.find(label);
    if (at != std::string_view::npos) {
        const char* const digits = profile.data() + at + label.size();
        std::from_chars(digits, profile.data() + profile.size(), count);
    }
    if (count == 0) throw std::runtime_error{"callgrind's profile has no summary"};
    return count;
}

std::string without_open_calls(std::string_view profile) {
    std::string kept;
    kept.reserve(profile.size());
    int dropped = 0;
    while (!profile.empty()) {
        const std::size_t end = profile.find('\n');
        const std::string_view line = profile.substr(0, end == std::string_view::npos ? end : end + 1);
        profile.remove_prefix(line.size());
        if (line.starts_with("calls=0 ")) dropped = 2;
        if (dropped > 0)
            --dropped;
        else
            kept += line;
    }
    return kept;
}

} // namespace wxlogind::bench
