#include "bench/wechat-sim/faults/bodies.hpp"

#include <cstdint>

namespace wxlogind::wechat_sim {

namespace {

using namespace std::string_view_literals;

struct short_body {
    std::string_view name;
    std::string_view text;
};

constexpr short_body short_bodies[] = {
    {"empty", ""},
    {"null", "null"},
    {"array", R"([{"openid":"oNOBODY"}])"},
    {"number", "40029"},
    {"truncated", R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oNOB)"},
    {"string_errcode", R"({"errcode":"40029","errmsg":"invalid code"})"},
    {"duplicate_openid",
     R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oNOBODY00000000000000000001",)"
     R"("openid":"oNOBODY00000000000000000002"})"},
    {"invalid_utf8", "{\"session_key\":\"AAECAwQFBgcICQoLDA0ODw==\",\"openid\":\"oNOBODY\xff\xfe\xc0\xaf\"}"},
    {"nul_openid", R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oNOBODY\u0000root"})"},
    {"empty_openid", R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":""})"},
    {"number_openid", R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":12345})"},
    {"missing_openid", R"({"session_key":"AAECAwQFBgcICQoLDA0ODw=="})"},
    {"missing_session_key", R"({"openid":"oNOBODY00000000000000000001"})"},
    {"short_session_key", R"({"session_key":"AAEC","openid":"oNOBODY00000000000000000001"})"},
    {"null_unionid",
     R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oNOBODY00000000000000000001","unionid":null})"},
    {"unknown_errcode", R"({"errcode":99999,"errmsg":"something new"})"},
    {"byte_order_mark", "\xef\xbb\xbf{\"session_key\":\"AAECAwQFBgcICQoLDA0ODw==\","
                        "\"openid\":\"oNOBODY00000000000000000001\"}"},
};

void append_little_endian(std::string& to, std::uint32_t number, int bytes) {
    for (int index = 0; index < bytes; ++index) to += static_cast<char>((number >> (8 * index)) & 0xff);
}

std::uint32_t crc32_of(std::string_view text) noexcept {
    std::uint32_t crc = 0xffffffff;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
    }
    return ~crc;
}

} // namespace

std::optional<std::string> named_body(std::string_view name) {
    for (const short_body& each : short_bodies)
        if (each.name == name) return std::string{each.text};
    static constexpr std::string_view login_start = R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":")";
    if (name == "long_openid")
        return std::string{login_start} + std::string(std::size_t{10} * 1024, 'o') + R"("})";
    if (name == "depth_1000") return std::string(1000, '[') + std::string(1000, ']');
    if (name == "huge") return R"({"padding":")" + std::string(std::size_t{10} << 20, 'x') + R"("})";
    return std::nullopt;
}

std::string gzip_stored(std::string_view text) {
    std::string made{"\x1f\x8b\x08\0\0\0\0\0\0\xff"sv};
    std::string_view rest = text;
    bool is_last = false;
    while (!is_last) {
        const std::string_view block = rest.substr(0, 65535); // what deflate's stored blocks hold
        rest.remove_prefix(block.size());
        is_last = rest.empty();
        made += is_last ? '\x01' : '\x00';
        const auto size = static_cast<std::uint32_t>(block.size());
        append_little_endian(made, size, 2);
        append_little_endian(made, ~size, 2);
        made += block;
    }
    append_little_endian(made, crc32_of(text), 4);
    append_little_endian(made, static_cast<std::uint32_t>(text.size()), 4);
    return made;
}

} // namespace wxlogind::wechat_sim
