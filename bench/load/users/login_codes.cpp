#include "bench/load/users/login_codes.hpp"

namespace wxlogind::load {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t user_at = 2;
constexpr std::size_t thread_at = 12;
constexpr std::size_t run_at = 14;
constexpr std::size_t count_at = 24;

constexpr std::array<char, 256> successor = [] {
    std::array<char, 256> table{};
    for (std::size_t at = 0; at < alphabet.size(); ++at)
        table[static_cast<unsigned char>(alphabet[at])] = alphabet[(at + 1) % alphabet.size()];
    return table;
}();

// `count` characters for a number, the last one changing fastest.
void spell(char* to, std::size_t count, std::uint64_t number, std::uint64_t base) noexcept {
    while (count-- > 0) {
        to[count] = alphabet[number % base];
        number /= base;
    }
}

} // namespace

login_codes::login_codes(std::uint64_t run, unsigned thread) noexcept {
    text_[0] = '0';
    text_[1] = 'L';
    spell(&text_[thread_at], run_at - thread_at, thread, alphabet.size());
    spell(&text_[run_at], count_at - run_at, run, alphabet.size());
    spell(&text_[count_at], size - count_at, 0, alphabet.size());
}

std::string_view login_codes::next(std::uint64_t user) noexcept {
    spell(&text_[user_at], thread_at - user_at, user, 10);
    for (std::size_t at = size; at-- > count_at;) {
        text_[at] = successor[static_cast<unsigned char>(text_[at])];
        if (text_[at] != alphabet.front()) break;
    }
    return {text_.data(), text_.size()};
}

} // namespace wxlogind::load
