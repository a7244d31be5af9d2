// Login codes that nobody minted: what wechat-sim takes with --load-codes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wxlogind::load {

// "0L", ten digits that number the user, twenty characters that no other code has: twelve of the run and the
// thread, eight that count.
class login_codes {
public:
    static constexpr std::size_t size = 32;
    static constexpr std::uint64_t most_users = 10'000'000'000; // ten digits

    // `run` tells runs apart, `thread` the threads of a run.
    login_codes(std::uint64_t run, unsigned thread) noexcept;

    // A fresh code of that user (< most_users), valid until the next call. 62^8 of them differ.
    [[nodiscard]] std::string_view next(std::uint64_t user) noexcept;

private:
    std::array<char, size> text_{};
};

} // namespace wxlogind::load
