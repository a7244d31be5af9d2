// Decoders take only what their encoders write, and UTF-8 is judged as Boost.JSON judges it.
#pragma once

#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"
#include "core/base/user_id.hpp"
#include "tests/fuzz/property.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace wxlogind::test {

inline void check_decoders(std::string_view text) {
    if (const auto bytes = base64url_decode(text))
        must_hold(base64url_encode(*bytes) == text, "a decoder takes what its encoder does not write");
    if (const auto bytes = base64_decode(text))
        must_hold(base64_encode(*bytes) == text, "a decoder takes what its encoder does not write");
    if (const auto bytes = hex_decode(text))
        must_hold(hex_decode(hex_encode(*bytes)) == bytes, "a decoder takes what its encoder does not write");
    if (const auto bytes = percent_decode(text))
        must_hold(
            percent_decode(percent_encode(*bytes)) == bytes,
            "a decoder takes what its encoder does not write");
    if (const auto id = parse_user_id(text))
        must_hold(to_string(*id) == text, "a decoder takes what its encoder does not write");
}

inline void check_encoders(std::string_view bytes) {
    must_hold(base64url_decode(base64url_encode(bytes)) == bytes, "what was encoded is not decoded again");
    must_hold(base64_decode(base64_encode(bytes)) == bytes, "what was encoded is not decoded again");
    must_hold(hex_decode(hex_encode(bytes)) == bytes, "what was encoded is not decoded again");
    must_hold(percent_decode(percent_encode(bytes)) == bytes, "what was encoded is not decoded again");
}

inline void check_utf8(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    boost::system::error_code error;
    const auto value = boost::json::parse(json, error);
    must_hold(is_utf8(text) == !error, "UTF-8 is judged differently");
    if (!error) must_hold(value.get_string() == text, "UTF-8 is judged differently");
    if (!error) must_hold(count_characters(text) <= text.size(), "UTF-8 is judged differently");
}

inline void check_encoding(std::string_view text) {
    check_decoders(text);
    check_encoders(text);
    check_utf8(text);
}

} // namespace wxlogind::test
