#include "core/wechat/spent_codes.hpp"

#include <algorithm>
#include <utility>

namespace wxlogind::wechat {

namespace {

// Marks a free place. A fingerprint is that with probability 2^-128.
constexpr code_fingerprint nothing{};

} // namespace

std::size_t spent_codes::generation::place_of(const code_fingerprint& code) const noexcept {
    const std::size_t mask = places.size() - 1;
    // The upper half: the lower one has chosen the shard.
    std::size_t place = static_cast<std::size_t>(code.high) & mask;
    while (places[place] != nothing && places[place] != code) place = (place + 1) & mask;
    return place;
}

bool spent_codes::generation::has(const code_fingerprint& code) const noexcept {
    return size != 0 && places[place_of(code)] == code;
}

void spent_codes::generation::add(const code_fingerprint& code) {
    if ((size + 1) * 4 > places.size() * 3) {
        std::vector<code_fingerprint> smaller(std::max<std::size_t>(16, places.size() * 2));
        smaller.swap(places);
        for (const code_fingerprint& each : smaller)
            if (each != nothing) places[place_of(each)] = each;
    }
    code_fingerprint& place = places[place_of(code)];
    if (place == code) return;
    place = code;
    ++size;
}

void spent_codes::generation::clear() noexcept {
    std::ranges::fill(places, nothing);
    size = 0;
}

spent_codes::spent_codes(std::size_t capacity, std::chrono::milliseconds window)
    : most_in_generation_{std::max<std::size_t>(1, capacity / 2)}, window_{window} {}

void spent_codes::start_generation(time_point now) noexcept {
    std::swap(young_, old_);
    young_.clear();
    young_since_ = now;
}

void spent_codes::turn(time_point now) {
    if (!std::exchange(has_started_, true)) young_since_ = now;
    const auto age = now - young_since_;
    if (age >= window_) start_generation(now);
    if (age >= 2 * window_) old_.clear(); // nobody has come for so long that what was young is old, too
}

void spent_codes::remember(const code_fingerprint& code, time_point now) {
    turn(now);
    if (young_.size >= most_in_generation_) start_generation(now);
    young_.add(code);
}

bool spent_codes::is_known(const code_fingerprint& code, time_point now) {
    turn(now);
    return young_.has(code) || old_.has(code);
}

} // namespace wxlogind::wechat
