// Whatever is sent as open data is read, or refused in words of ours; and what was not encrypted under the
// key is refused, always alike.
#pragma once

#include "core/wechat/open_data.hpp"
#include "tests/fuzz/property.hpp"

namespace wxlogind::test {

// Four lines: rawData, signature, encryptedData, iv.
inline void check_open_data(std::string_view lines) {
    const auto next_line = [&lines] {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(line.size() == lines.size() ? line.size() : line.size() + 1);
        return line;
    };
    constexpr std::string_view session_key{"tiihtNczf5v6AKRyjwEUhQ=="};
    const auto must_be_ours = [](const failure& why) {
        must_hold(why.code == errc::invalid_request, "a field is refused for no fault of its own");
        must_hold(!why.detail.empty() && why.detail.size() <= 64, "a refusal has no detail of ours");
    };

    const std::string_view raw_data = next_line();
    const std::string_view signature = next_line();
    const auto with_signature = wechat::read_signed_text(raw_data, signature);
    if (!with_signature)
        must_be_ours(with_signature.error());
    else
        static_cast<void>(wechat::is_signed_with(*with_signature, session_key));

    const std::string_view encrypted_data = next_line();
    const auto encrypted = wechat::read_encrypted_text(encrypted_data, next_line());
    if (!encrypted) {
        must_be_ours(encrypted.error());
        return;
    }
    wechat::watermark_rule rule;
    rule.appid = "wx4f4bc4dec97d474b";
    for (const bool is_required : {true, false}) {
        rule.is_required = is_required;
        const auto plain = wechat::decrypt(*encrypted, session_key, rule);
        if (plain) {
            must_hold(plain->reveal().size() < encrypted->bytes.size(), "a text has no padding");
            must_hold(plain->reveal().find('{') != std::string_view::npos, "a text is no JSON object");
        } else {
            must_hold(plain.error().code == errc::session_key_stale, "a refusal tells what is wrong");
            must_hold(
                plain.error().detail == "not readable with a session_key of this user",
                "a refusal tells what is wrong");
        }
    }
}

} // namespace wxlogind::test
