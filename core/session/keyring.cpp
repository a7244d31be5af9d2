#include "core/session/keyring.hpp"

#include "core/base/encoding.hpp"
#include "core/base/log.hpp"

#include <algorithm>

namespace wxlogind::session {

namespace {

constexpr std::size_t min_key_size = 32;
constexpr std::size_t max_kid_size = 32;

bool is_kid(std::string_view kid) {
    const auto is_allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !kid.empty() && kid.size() <= max_kid_size && std::all_of(kid.begin(), kid.end(), is_allowed);
}

// The parameters of a token's header stand in this order and no others are allowed, so that a token's header
// is right exactly when it is equal to one of these texts.
std::string render_token_header(std::string_view kid) {
    std::string header = R"({"alg":"HS256","typ":"wxsess+jwt","kid":")";
    header += kid;
    header += "\"}";
    return base64url_encode(header);
}

std::uint32_t hint_of(std::string_view key) {
    const sha256_digest digest = hmac_sha256{key}("wxlogind refresh token hint 1");
    return std::uint32_t{digest[0]} << 24 | std::uint32_t{digest[1]} << 16 | std::uint32_t{digest[2]} << 8 |
           digest[3];
}

void check_signing_keys(const std::vector<signing_key>& keys) {
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        if (!is_kid(key->kid))
            throw keyring_error{
                "a signing key's kid is malformed: 1 to 32 letters, digits, '-' or '_' are allowed"};
        if (key->bytes.reveal().size() < min_key_size)
            throw keyring_error{
                "signing key \"" + key->kid +
                "\" has fewer than 32 bytes: make a new one of 32 random bytes"};
        if (std::any_of(keys.begin(), key, [&](const auto& other) { return other.kid == key->kid; }))
            throw keyring_error{"kid \"" + key->kid + "\" is there twice: every key needs its own"};
    }
    const auto active = std::count_if(
        keys.begin(), keys.end(), [](const auto& key) { return key.state == key_state::active; });
    if (active == 0) throw keyring_error{"no signing key is active: set state = \"active\" on one"};
    if (active > 1)
        throw keyring_error{"more than one signing key is active: set the older ones to \"passive\""};
}

std::shared_ptr<const sealer> make_sealer(std::vector<sealing_key> keys) {
    try {
        return std::make_shared<const sealer>(std::move(keys));
    } catch (const std::invalid_argument& error) {
        throw keyring_error{error.what()};
    }
}

} // namespace

std::string_view to_string(key_state state) noexcept {
    switch (state) {
    case key_state::active: return "active";
    case key_state::passive: return "passive";
    case key_state::retired: return "retired";
    }
    return "";
}

prepared_key::prepared_key(const signing_key& key)
    : token_header{render_token_header(key.kid)},
      token_mac{key.bytes.reveal()},
      refresh_mac{derive_key(key.bytes.reveal(), "wxlogind refresh token 1")},
      refresh_hint{hint_of(key.bytes.reveal())} {}

keyring::keyring(std::vector<signing_key> signing, std::vector<sealing_key> sealing)
    : signing_{std::move(signing)}, sealer_{make_sealer(std::move(sealing))} {
    check_signing_keys(signing_);
    for (const auto state : {key_state::active, key_state::passive})
        for (const signing_key& key : signing_)
            if (key.state == state) prepared_.emplace_back(key);
    while (signing_[active_].state != key_state::active) ++active_;
}

const prepared_key& keyring::signer_by_hint(std::uint32_t hint) const noexcept {
    const auto found = std::find_if(prepared_.begin(), prepared_.end(), [hint](const prepared_key& key) {
        return key.refresh_hint == hint;
    });
    return found == prepared_.end() ? signer() : *found;
}

void check_succession(
    const keyring& now, const keyring& next, const std::string& file,
    std::span<const std::uint32_t> unneeded) {
    if (!next.sealer().opens_all_of(now.sealer(), unneeded))
        throw keyring_error{
            file +
            ": a sealing key is missing or was changed: put it back, what it has sealed in the database "
            "could not be read without it. One that is missing may go after `wxlogind keys reseal`"};
    const auto verifiers = next.verifiers();
    const bool still_verifies = std::any_of(verifiers.begin(), verifiers.end(), [&](const auto& key) {
        return key.token_header == now.signer().token_header;
    });
    if (!still_verifies)
        log_warning(
            "the key that signed until now does not verify any more: its tokens are invalid from here on",
            {{"kid", now.active().kid}});
}

} // namespace wxlogind::session
