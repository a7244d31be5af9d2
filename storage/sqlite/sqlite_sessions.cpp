#include "storage/sqlite/sqlite_sessions.hpp"

namespace wxlogind::storage::sqlite {

namespace {

void count_verdict(store_counters& counters, refresh_verdict verdict) {
    switch (verdict) {
    case refresh_verdict::rotate: counters.refreshes.fetch_add(1, std::memory_order_relaxed); break;
    case refresh_verdict::repeat: counters.repeated_refreshes.fetch_add(1, std::memory_order_relaxed); break;
    case refresh_verdict::stolen: counters.refresh_thefts.fetch_add(1, std::memory_order_relaxed); break;
    case refresh_verdict::refused: break;
    }
}

} // namespace

task<result<refresh_outcome>> sqlite_sessions::refresh(refresh_request request) {
    const auto apply = [request](tables& to) {
        auto refreshed = to.refreshes.refresh(request);
        if (refreshed.verdict == refresh_verdict::stolen)
            to.audit.append(
                {.event = audit_event::refresh_reused, .user = refreshed.user, .sid = request.sid},
                request.when.now);
        return refreshed;
    };
    auto outcome = co_await writes_.write(apply);
    if (outcome) count_verdict(counters_, outcome->verdict);
    co_return outcome;
}

task<result<session_state>> sqlite_sessions::find_session(std::int64_t sid) {
    return reads_.read([sid](read_tables& from) { return from.sessions.find(sid); });
}

task<result<void>>
sqlite_sessions::revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) {
    return writes_.write([=](tables& to) {
        const std::size_t before = to.sessions.revoked().size();
        auto done = to.sessions.revoke(sid, user, when);
        if (to.sessions.revoked().size() == before) return done; // it was over already, or never was
        const bool is_own = when.by == "user";
        const auto event = is_own ? audit_event::logged_out : audit_event::session_revoked;
        const user_id& owner = to.sessions.revoked().back().user;
        to.audit.append({.event = event, .actor = when.by, .user = owner, .sid = sid}, when.now);
        return done;
    });
}

task<result<void>> sqlite_sessions::revoke_sessions_of(user_id named, revoking when) {
    return writes_.write([=](tables& to) {
        const user_id user = to.merges.meant_by(named);
        to.sessions.revoke_all_of(user, when);
        const bool is_own = when.by == "user";
        const auto event = is_own ? audit_event::logged_out : audit_event::sessions_revoked;
        to.audit.append({.event = event, .actor = when.by, .user = user}, when.now);
    });
}

task<result<void>> sqlite_sessions::ban_user(user_id named, revoking when) {
    return writes_.write([=](tables& to) {
        const user_id user = to.merges.meant_by(named);
        auto banned = to.sessions.set_state(user, user_state::banned, when.now);
        if (!banned) return banned;
        to.sessions.revoke_all_of(user, when);
        to.audit.append({.event = audit_event::banned, .actor = when.by, .user = user}, when.now);
        return banned;
    });
}

task<result<void>> sqlite_sessions::unban_user(user_id named, revoking when) {
    return writes_.write([=](tables& to) {
        const user_id user = to.merges.meant_by(named);
        auto unbanned = to.sessions.set_state(user, user_state::active, when.now);
        if (unbanned)
            to.audit.append({.event = audit_event::unbanned, .actor = when.by, .user = user}, when.now);
        return unbanned;
    });
}

task<result<std::vector<revocation>>> sqlite_sessions::revocations_at(unix_millis now) {
    return reads_.read([now](read_tables& from) -> result<std::vector<revocation>> {
        return from.sessions.revocations_at(now);
    });
}

// Found by reading beside the writer, which then has to look at nothing but these.
task<result<sweep_outcome>> sqlite_sessions::sweep(sweep_request what) {
    const auto find = [what](read_tables& from) -> result<session_reads::finished_sessions> {
        return from.sessions.find_finished(what);
    };
    const auto found = co_await reads_.read(find);
    if (!found) co_return found.error();

    const auto sweep_them = [&](tables& in) {
        std::size_t deleted = 0;
        for (const std::int64_t each : found->sids) deleted += in.sessions.sweep(each, what) ? 1 : 0;
        in.sessions.sweep_revocations(what.now);
        return deleted;
    };
    const auto deleted = co_await writes_.write_when_idle(sweep_them);
    if (!deleted) co_return deleted.error();
    counters_.swept_sessions.fetch_add(*deleted, std::memory_order_relaxed);
    sweep_outcome outcome{.deleted = *deleted, .last = found->last, .is_at_end = found->is_at_end};
    co_return outcome;
}

} // namespace wxlogind::storage::sqlite
