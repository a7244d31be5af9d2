#include "core/base/siphash.hpp"

#include <bit>
#include <cstring>

namespace wxlogind {

namespace {

std::uint64_t load_little_endian(const void* from, std::size_t bytes) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word = 0;
    std::memcpy(&word, from, bytes);
    return word;
}

struct sip_state {
    std::uint64_t v0, v1, v2, v3;

    void round() noexcept {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void take(std::uint64_t word) noexcept {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    std::uint64_t finish() noexcept {
        for (int i = 0; i < 4; ++i) round();
        return v0 ^ v1 ^ v2 ^ v3;
    }
};

} // namespace

sip_hash siphash_128(const sip_key& key, std::string_view bytes) noexcept {
    const std::uint64_t k0 = load_little_endian(key.data(), 8);
    const std::uint64_t k1 = load_little_endian(key.data() + 8, 8);
    // "somepseudorandomlygeneratedbytes", and 0xee for the long form.
    sip_state state{
        k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261,
        k1 ^ 0x7465646279746573};

    const std::uint64_t length = bytes.size();
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) state.take(load_little_endian(bytes.data(), 8));
    state.take(load_little_endian(bytes.data(), bytes.size()) | (length << 56));

    sip_hash name;
    state.v2 ^= 0xee;
    name.low = state.finish();
    state.v1 ^= 0xdd;
    name.high = state.finish();
    return name;
}

} // namespace wxlogind
