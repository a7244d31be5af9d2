#include "core/base/user_id.hpp"

#include "core/base/random.hpp"

#include <algorithm>

namespace wxlogind {

namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t text_size = 36;

constexpr bool is_dash(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

constexpr int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// RFC 9562 section 5.7: 48 bits of milliseconds, version 7, 12 bits that count here, variant, 62 random bits.
constexpr unsigned version_bits = 0x70;
constexpr unsigned variant_bits = 0x80;
constexpr unsigned max_count = 0xfff;
constexpr std::uint64_t max_millis = (std::uint64_t{1} << 48) - 1;

std::uint64_t millis_of(const user_id& id) {
    std::uint64_t millis = 0;
    for (std::size_t i = 0; i < 6; ++i) millis = millis << 8 | id.bytes[i];
    return millis;
}

unsigned count_of(const user_id& id) {
    return (id.bytes[6] & 0x0fu) << 8 | id.bytes[7];
}

void put(user_id& id, std::uint64_t millis, unsigned count) {
    for (std::size_t i = 6; i-- > 0; millis >>= 8) id.bytes[i] = static_cast<std::uint8_t>(millis);
    id.bytes[6] = static_cast<std::uint8_t>(version_bits | count >> 8);
    id.bytes[7] = static_cast<std::uint8_t>(count);
    id.bytes[8] = static_cast<std::uint8_t>(variant_bits | (id.bytes[8] & 0x3fu));
}

} // namespace

void append_text(std::string& to, const user_id& id) {
    std::array<char, text_size> text;
    const std::uint8_t* byte = id.bytes.data();
    char* at = text.data();
    const auto put_group = [&](int bytes) {
        for (int i = 0; i < bytes; ++i, ++byte) {
            *at++ = digits.data()[*byte >> 4];
            *at++ = digits.data()[*byte & 0xf];
        }
    };
    put_group(4);
    for (const int bytes : {2, 2, 2, 6}) {
        *at++ = '-';
        put_group(bytes);
    }
    to.append(text.data(), text.size());
}

std::string to_string(const user_id& id) {
    std::string text;
    append_text(text, id);
    return text;
}

std::optional<user_id> parse_user_id(std::string_view text) noexcept {
    if (text.size() != text_size) return std::nullopt;
    user_id id;
    std::size_t at = 0;
    for (std::uint8_t& byte : id.bytes) {
        if (is_dash(at)) {
            if (text[at] != '-') return std::nullopt;
            ++at;
        }
        const int high = digit_value(text[at]);
        const int low = digit_value(text[at + 1]);
        at += 2;
        if (high < 0 || low < 0) return std::nullopt;
        byte = static_cast<std::uint8_t>(high << 4 | low);
    }
    return id;
}

user_id user_id_source::next(unix_millis now) {
    user_id id;
    fill_random(id.bytes);
    // Half of the counter's range is left for ids of the same millisecond.
    const unsigned first_count = (id.bytes[6] & 0x07u) << 8 | id.bytes[7];

    const auto since_epoch = std::max<std::int64_t>(now.time_since_epoch().count(), 0);
    const auto millis = std::min(static_cast<std::uint64_t>(since_epoch), max_millis);
    const std::uint64_t last_millis = millis_of(last_);
    if (millis > last_millis)
        put(id, millis, first_count);
    else if (const unsigned count = count_of(last_); count < max_count)
        put(id, last_millis, count + 1);
    else
        put(id, last_millis + 1, first_count);
    last_ = id;
    return id;
}

} // namespace wxlogind
