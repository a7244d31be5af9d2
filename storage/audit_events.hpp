// What the audit log knows of, and its names there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace wxlogind::storage {

enum class audit_event : std::uint8_t {
    login,                  // read from the sessions: a login writes no row of its own here
    login_failed,           // detail: the problem's code; count: how many since the record before
    refresh_reused,         // a refresh token came a second time: stolen, and the session revoked
    logged_out,             // by the user, of one session (sid) or, without a sid, of all
    session_revoked,        // by somebody else
    sessions_revoked,       // all of the user
    banned,                 //
    unbanned,               //
    merged,                 // detail: what was merged into this user, see merge_note.hpp
    unmerged,               // detail: the id of the user that is one of its own again
    erased,                 //
    exported,               // everything about the user was read
    keys_changed,           // detail: the kid that signs now
    configuration_reloaded, // detail: empty, or "refused"
    resealed,               // count: sealed values that were sealed again under the newest key
    nickname_flagged,       // detail: what WeChat's content check said of it, or why it said nothing
    phone_bound,            // by the user
    phone_shared,           // detail: the id of a user who has the same number
    other,                  // written by a later version of this program
};

inline constexpr std::array<std::pair<audit_event, std::string_view>, 19> audit_event_names{{
    {audit_event::login, "login"},
    {audit_event::login_failed, "login_failed"},
    {audit_event::refresh_reused, "refresh_reused"},
    {audit_event::logged_out, "logged_out"},
    {audit_event::session_revoked, "session_revoked"},
    {audit_event::sessions_revoked, "sessions_revoked"},
    {audit_event::banned, "banned"},
    {audit_event::unbanned, "unbanned"},
    {audit_event::merged, "merged"},
    {audit_event::unmerged, "unmerged"},
    {audit_event::erased, "erased"},
    {audit_event::exported, "exported"},
    {audit_event::keys_changed, "keys_changed"},
    {audit_event::configuration_reloaded, "configuration_reloaded"},
    {audit_event::resealed, "resealed"},
    {audit_event::nickname_flagged, "nickname_flagged"},
    {audit_event::phone_bound, "phone_bound"},
    {audit_event::phone_shared, "phone_shared"},
    {audit_event::other, "other"},
}};

[[nodiscard]] constexpr std::string_view to_string(audit_event event) noexcept {
    for (const auto& [each, name] : audit_event_names)
        if (each == event) return name;
    return "other";
}

[[nodiscard]] constexpr std::optional<audit_event> parse_audit_event(std::string_view text) noexcept {
    for (const auto& [each, name] : audit_event_names)
        if (name == text) return each;
    return std::nullopt;
}

} // namespace wxlogind::storage
