// Sessions as they are read. Throws sqlite_error.
#pragma once

#include "storage/session_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <vector>

namespace wxlogind::storage::sqlite {

class session_reads {
public:
    explicit session_reads(connection& on); // which outlives this

    // errc::not_found.
    [[nodiscard]] result<session_state> find(std::int64_t sid);

    [[nodiscard]] std::vector<revocation> revocations_at(unix_millis now);

    // Of the merged users whose tokens still live at `now`.
    [[nodiscard]] std::vector<user_alias> aliases_at(unix_millis now);

    struct finished_sessions {
        std::vector<std::int64_t> sids; // no more than most_finished
        std::int64_t last{0};           // up to here everything was looked at
        bool is_at_end{false};
    };
    static constexpr std::size_t most_finished = 128;
    // Looks at a few thousand sessions, in the order of their sids.
    [[nodiscard]] finished_sessions find_finished(const sweep_request& what);

private:
    statement find_;
    statement revocations_;
    statement aliases_;
    statement sessions_;
};

} // namespace wxlogind::storage::sqlite
