// Tokens that somebody might try, made from a good one and, where that is what would let them in, signed with
// the right key.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"

#include <string>
#include <vector>

namespace wxlogind::test {

// What a good token is made of.
struct token_parts {
    std::string kid;
    secret key;
    std::string retired_kid; // in the key file as well
    secret retired_key;
    std::string claims; // JSON as the server writes it, with "iat" and "exp" of 10 digits
    unix_seconds now;
};

struct hostile_token {
    std::string what;
    std::string token; // any bytes
};

// The claims of a token as they stand in it.
[[nodiscard]] std::string claims_json_of(const std::string& token);
[[nodiscard]] std::string
signed_token(const std::string& header, const std::string& claims, const secret& key);
[[nodiscard]] std::string header_of_kid(const std::string& kid);

[[nodiscard]] std::vector<hostile_token> hostile_tokens(const token_parts& of);
// `token` with each of its bits flipped once.
[[nodiscard]] std::vector<hostile_token> bit_flips_of(const std::string& token);

} // namespace wxlogind::test
