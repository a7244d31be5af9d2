// Whether a refresh token still serves. Knows rows, not databases.
#pragma once

#include "core/base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace wxlogind::storage {

// What a row of a session says of its refresh token.
struct rotation_state {
    std::uint32_t generation{0}; // of the token that serves
    std::optional<unix_millis>
        rotated; // when it took the place of the one before it; nullopt: it is the first
    unix_millis created;
    unix_millis expires;
    bool is_revoked{false};
    // Nobody was ever given the token of this generation: the commit that made it failed, and yet was kept.
    bool is_unanswered{false};
};

struct rotation_rules {
    std::chrono::milliseconds sliding{}; // life of a session that is not refreshed
    std::chrono::milliseconds longest{}; // and of any session
    std::chrono::milliseconds grace{};   // in which the token before serves once more; zero: never
};

enum class refresh_verdict : std::uint8_t {
    rotate,  // to the next generation
    repeat,  // the answer was lost: the same pair again
    stolen,  // used twice: somebody has it who should not
    refused, // over, or from a time that this database does not know
};

// `generation`: of a token that is one of ours, and has not expired.
[[nodiscard]] constexpr refresh_verdict judge_refresh(
    const rotation_state& session, std::uint32_t generation, unix_millis now, const rotation_rules& rules) {
    if (session.is_revoked || session.expires <= now || session.created + rules.longest <= now)
        return refresh_verdict::refused;
    if (generation == session.generation) return refresh_verdict::rotate;
    // A later one than the row knows: the database was set back to an earlier state.
    if (generation > session.generation) return refresh_verdict::refused;
    const bool is_the_one_before = generation + 1 == session.generation;
    if (is_the_one_before && session.is_unanswered) return refresh_verdict::rotate;
    const bool has_grace = rules.grace > std::chrono::milliseconds::zero();
    if (is_the_one_before && has_grace && session.rotated && now - *session.rotated <= rules.grace)
        return refresh_verdict::repeat;
    return refresh_verdict::stolen;
}

[[nodiscard]] constexpr unix_millis
expiry_after_refresh(const rotation_state& session, unix_millis now, const rotation_rules& rules) {
    return std::min(now + rules.sliding, session.created + rules.longest);
}

} // namespace wxlogind::storage
