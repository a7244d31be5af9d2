#include "storage/sqlite/refresh_tables.hpp"

#include "core/base/log.hpp"
#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// The mark is set so far ahead that it is seldom written. It makes a revocation be remembered for as much
// longer, at most.
constexpr std::chrono::minutes mark_step{1};

// Beyond, refreshes that failed with their commit are not remembered.
constexpr std::size_t most_unanswered = 65536;

rotation_state state_in(const statement& row) {
    rotation_state session;
    session.generation = static_cast<std::uint32_t>(row.number(0));
    if (!row.is_null(1)) session.rotated = time_in(row, 1);
    session.created = time_in(row, 2);
    session.expires = time_in(row, 3);
    return session;
}

} // namespace

refresh_tables::refresh_tables(connection& on, writer_memory& memory, session_tables& sessions)
    : memory_{memory},
      sessions_{sessions},
      mark_{sessions.refreshed_before()},
      raised_mark_{mark_},
      // The openid that the session was opened with. Where that is not known any more, always the same one.
      find_{
          on, "SELECT s.generation, s.rotated, s.created, s.expires, s.revoked, s.signer, u.id, u.state, "
              "ifnull(m.revoked_through, u.revoked_through), u.unionid, a.appid, i.openid FROM session AS s "
              "LEFT JOIN merged_user AS m ON m.id = s.user "
              "JOIN user AS u ON u.id = ifnull(m.survivor, s.user) JOIN app AS a ON a.id = s.app "
              "JOIN identity AS i ON i.user = u.id AND i.app = s.app "
              "WHERE s.sid = ?1 ORDER BY i.number <> s.identity, i.openid LIMIT 1"},
      rotate_{
          on, "UPDATE session SET generation = ?2, rotated = ?3, seen = ?3, expires = ?4, signer = ?5 "
              "WHERE sid = ?1"},
      raise_mark_{
          on, "INSERT INTO meta VALUES ('refreshed_before', ?1) "
              "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"} {}

refresh_outcome refresh_tables::refresh(const refresh_request& request) {
    refresh_outcome outcome;
    find_.bind(1, request.sid);
    execution row{find_};
    if (!row.step()) return outcome;

    rotation_state session = state_in(find_);
    session.is_revoked = !find_.is_null(4) || request.sid <= find_.number(8);
    const auto unanswered = memory_.unanswered_refreshes.find(request.sid);
    session.is_unanswered =
        unanswered != memory_.unanswered_refreshes.end() && unanswered->second == session.generation;
    outcome.user = id_in(find_.blob(6));
    outcome.state = static_cast<user_state>(find_.number(7));
    if (outcome.state == user_state::banned) return outcome;

    outcome.verdict = judge_refresh(session, request.generation, request.when.now, request.rules);
    if (outcome.verdict == refresh_verdict::refused) return outcome;
    if (outcome.verdict == refresh_verdict::stolen) {
        find_.reset(); // before its table is written to
        static_cast<void>(sessions_.revoke(request.sid, outcome.user, request.when));
        return outcome;
    }

    outcome.generation = session.generation;
    outcome.signer = static_cast<std::uint32_t>(find_.number(5));
    outcome.rotated = session.rotated.value_or(session.created);
    outcome.expires = session.expires;
    if (!find_.is_null(9)) outcome.unionid.emplace(find_.text(9));
    outcome.appid = find_.text(10);
    outcome.openid = find_.text(11);
    find_.reset();
    if (outcome.verdict == refresh_verdict::repeat) return outcome;

    outcome.generation = session.generation + 1;
    outcome.signer = request.signer;
    outcome.rotated = request.when.now;
    outcome.expires = expiry_after_refresh(session, request.when.now, request.rules);
    rotate_.bind(1, request.sid);
    rotate_.bind(2, std::int64_t{outcome.generation});
    rotate_.bind(3, count_of(outcome.rotated));
    rotate_.bind(4, count_of(outcome.expires));
    rotate_.bind(5, std::int64_t{outcome.signer});
    run(rotate_);
    if (outcome.rotated >= raised_mark_) raise_mark(outcome.rotated);
    rotations_.push_back({request.sid, outcome.generation});
    return outcome;
}

void refresh_tables::raise_mark(unix_millis refreshed) {
    raised_mark_ = refreshed + mark_step;
    raise_mark_.bind(1, count_of(raised_mark_));
    run(raise_mark_);
}

void refresh_tables::end_transaction() noexcept {
    mark_ = raised_mark_;
    auto& unanswered = memory_.unanswered_refreshes;
    if (!unanswered.empty())
        for (const rotation& each : rotations_) unanswered.erase(each.sid);
    rotations_.clear();
}

void refresh_tables::forget_transaction() noexcept {
    raised_mark_ = mark_;
    auto& unanswered = memory_.unanswered_refreshes;
    try {
        for (const rotation& each : rotations_)
            if (unanswered.size() < most_unanswered) unanswered[each.sid] = each.generation;
    } catch (const std::bad_alloc&) {
        log_warning("no memory for refreshes that failed: some sessions may have to log in again");
    }
    rotations_.clear();
}

} // namespace wxlogind::storage::sqlite
