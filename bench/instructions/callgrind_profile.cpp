#include "bench/instructions/callgrind_profile.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace wxlogind::bench {

namespace {

bool allocates(std::string_view function) {
    using names = std::array<std::string_view, 5>;
    static constexpr names exact{"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"};
    return std::find(exact.begin(), exact.end(), function) != exact.end() ||
           function.starts_with("operator new");
}

// Takes the first line off, without its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::uint64_t number_at(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

std::uint64_t instructions_in(std::string_view profile) {
    constexpr std::string_view label = "\nsummary: ";
    const std::size_t at = profile.find(label);
    const std::uint64_t count = at == profile.npos ? 0 : number_at(profile.substr(at + label.size()));
    if (count == 0) throw std::runtime_error{"callgrind's profile has no summary"};
    return count;
}

std::uint64_t allocations_in(std::string_view profile) {
    std::uint64_t count = 0;
    bool is_within = false; // an allocation
    bool is_to = false;     // the next call is one
    while (!profile.empty()) {
        const std::string_view line = take_line(profile);
        if (line.starts_with("fn=")) is_within = allocates(line.substr(3));
        if (line.starts_with("cfn=")) is_to = allocates(line.substr(4));
        if (line.starts_with("calls=") && is_to && !is_within) count += number_at(line.substr(6));
    }
    return count;
}

std::string without_open_calls(std::string_view profile) {
    std::string kept;
    kept.reserve(profile.size());
    int dropped = 0;
    while (!profile.empty()) {
        const std::string_view line = take_line(profile);
        if (line.starts_with("calls=0 ")) dropped = 2;
        if (dropped > 0)
            --dropped;
        else
            kept.append(line) += '\n';
    }
    return kept;
}

} // namespace wxlogind::bench
