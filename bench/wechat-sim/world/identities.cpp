#include "bench/wechat-sim/world/identities.hpp"

#include "bench/wechat-sim/generator.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// What the seeds are for: an openid says nothing about a unionid or a key.
enum class purpose : std::uint64_t {
    openid = 0x6f70656e,
    unionid = 0x756e696f,
    key = 0x6b6579,
};

std::uint64_t
seed_of(purpose what, std::uint64_t seed, std::string_view scope, std::string_view user) noexcept {
    return hash_text(hash_text(seed ^ static_cast<std::uint64_t>(what), scope), user);
}

// Six bits of `bits` become a character; ten characters come from one number.
void spell(generator& numbers, std::string_view alphabet, char* to, std::size_t count) noexcept {
    std::uint64_t bits = 0;
    for (std::size_t index = 0; index < count; ++index) {
        if (index % 10 == 0) bits = numbers.next();
        to[index] = alphabet[bits & 63];
        bits >>= 6;
    }
}

} // namespace

platform_id::platform_id(std::uint64_t seed) {
    generator numbers{seed};
    text_.front() = 'o';
    spell(numbers, url_safe, text_.data() + 1, text_.size() - 1);
}

session_key::session_key(std::uint64_t seed) {
    generator numbers{seed};
    spell(numbers, base64, text_.data(), 22);
    // 16 bytes are 21 characters and two bits: the 22nd may only be A, Q, g or w.
    text_[21] = base64[numbers.below(4) << 4];
    text_[22] = text_[23] = '=';
}

platform_id openid_of(std::uint64_t seed, std::string_view appid, std::string_view user) {
    return platform_id{seed_of(purpose::openid, seed, appid, user)};
}

platform_id unionid_of(std::uint64_t seed, std::string_view group, std::string_view user) {
    return platform_id{seed_of(purpose::unionid, seed, group, user)};
}

session_key
session_key_of(std::uint64_t seed, std::string_view appid, std::string_view user, std::uint64_t rotation) {
    return session_key{mix(seed_of(purpose::key, seed, appid, user) ^ mix(rotation))};
}

} // namespace wxlogind::wechat_sim
