// What callgrind writes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::bench {

// "summary: N", the instructions in a profile. Throws std::runtime_error when there is none.
[[nodiscard]] std::uint64_t instructions_in(std::string_view profile);

// How often the C library or C++ was asked for memory; a request that one of them hands on to the other
// counts once.
[[nodiscard]] std::uint64_t allocations_in(std::string_view profile);

// The same profile without the calls that were under way when it was written ("calls=0 ..." and the line of
// their cost): callgrind_annotate takes what they called for their own instructions.
[[nodiscard]] std::string without_open_calls(std::string_view profile);

} // namespace wxlogind::bench
