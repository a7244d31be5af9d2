// AES-256-GCM envelopes for what is stored but must not be readable in the database.
//
// Envelope: version (1 byte) | key id (4 bytes, big endian) | nonce (12) | ciphertext | tag (16).
// The additional data binds an envelope to its place (table, column, row), so that one that was copied to
// another row or column does not open.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/secret.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind {

struct sealing_key {
    std::uint32_t id{};
    secret bytes; // 32
};

// Which key an envelope says that it was sealed with. nullopt: it is none.
[[nodiscard]] std::optional<std::uint32_t> key_of_envelope(std::string_view envelope) noexcept;

// Seals with the first key and opens with any. Immutable; any thread.
class sealer {
public:
    // Throws std::invalid_argument: no key, a key that is not 32 bytes, an id twice.
    explicit sealer(std::vector<sealing_key> keys);
    ~sealer();
    sealer(const sealer&) = delete;
    sealer& operator=(const sealer&) = delete;

    [[nodiscard]] std::string seal(std::string_view plain, std::string_view place) const;

    // errc::internal when the envelope is not one of ours, was changed, or belongs to another place.
    [[nodiscard]] result<secret> open(std::string_view envelope, std::string_view place) const;

    // What every envelope begins with that this seals now, and that no other key's does.
    [[nodiscard]] std::string newest_prefix() const;

    // The key that this seals with now.
    [[nodiscard]] std::uint32_t newest_key() const noexcept;
    [[nodiscard]] std::vector<std::uint32_t> key_ids() const;

    // Whether it has every key of `other`, under the same id; those named may be missing, but not be others.
    [[nodiscard]] bool
    opens_all_of(const sealer& other, std::span<const std::uint32_t> may_be_missing = {}) const;

    // A keyed fingerprint: equal plain texts give equal numbers under one key, and tell nothing else.
    [[nodiscard]] std::uint64_t fingerprint(std::string_view plain) const;

    // To find a sealed value by what is sealed: equal texts give equal hashes, keyed, of 16 bytes. One under
    // each key, the newest's first: what was stored earlier has its hash under one of the others.
    [[nodiscard]] std::vector<std::string> blind_indexes(std::string_view plain) const;

private:
    struct keys;
    std::unique_ptr<keys> keys_;
};

} // namespace wxlogind
