// No text is a token but one that we would have written.
#pragma once

#include "core/base/encoding.hpp"
#include "core/session/refresh_token.hpp"
#include "core/session/token.hpp"
#include "tests/fuzz/property.hpp"

namespace wxlogind::test {

class token_property {
public:
    // The first byte chooses what the rest stands for.
    void check(std::string_view text) const {
        if (text.empty()) return;
        const std::string rest{text.substr(1)};
        switch (text.front()) {
        case 'c': // claims, rightly signed
            return check_token(sign(keys_.signer().token_header + '.' + base64url_encode(rest)));
        case 'h': // a header, rightly signed
            return check_token(sign(base64url_encode(rest) + ".e30"));
        case 's': // header and claims as text, rightly signed
            return check_token(sign(rest));
        case 'r': // the fields of a refresh token, rightly signed
            return check_refresh_token(base64url_encode(
                rest + std::string{as_text(keys_.signer().refresh_mac(rest)).substr(0, 20)}));
        default: // either kind, as it comes
            check_token(rest);
            check_refresh_token(rest);
        }
    }

private:
    [[nodiscard]] std::string sign(std::string text) const {
        const sha256_digest mac = keys_.signer().token_mac(text);
        text += '.';
        base64url_append(text, as_text(mac));
        return text;
    }

    void check_token(std::string_view token) const {
        const auto claims = session::verify_token(token, rules_, keys_, now_);
        if (claims)
            must_hold(session::issue_token(*claims, rules_, keys_) == token, "a token is not ours");
        else
            must_hold(
                claims.error().code == errc::invalid_token && claims.error().detail.empty(),
                "a refusal tells why");
    }

    void check_refresh_token(std::string_view token) const {
        const auto claims = session::verify_refresh_token(token, keys_, now_);
        if (claims)
            must_hold(session::issue_refresh_token(*claims, keys_) == token, "a refresh token is not ours");
    }

    unix_seconds now_{std::chrono::seconds{1'800'000'000}};
    session::token_rules rules_{.issuer = "wxlogind"};
    session::keyring keys_{
        {session::signing_key{
            "active", session::key_state::active, secret{std::string(32, 'a')}, unix_seconds{}}},
        {sealing_key{1, secret{std::string(32, 's')}}}};
};

} // namespace wxlogind::test
