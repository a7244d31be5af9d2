// Which session of an identity is its newest: what the database does not know yet. Pure: no SQL.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wxlogind::storage::sqlite {

// The table newest_session says it for every identity. Were a login to write there at once, it would write a
// page at a random place, which costs more than all else that it writes. So the newest are noted here, and
// written behind: many at a time, sorted, so that those that lie on one page cost one page. After a crash the
// rows of `session` above the floor say what was noted.
//
// Everything that changes belongs to a transaction: commit() keeps it, roll_back() undoes it.
class newest_sessions {
public:
    struct limits {
        std::size_t identities = 131'072; // memory: about 24 bytes each
        std::size_t sessions = 262'144;   // rows that a start reads again
    };
    struct entry {
        std::int64_t identity{0};
        std::int64_t session{0};
    };

    explicit newest_sessions(const limits& limits) noexcept : limits_{limits} {}

    // Sessions grow from call to call of these two.
    void note(std::int64_t identity, std::int64_t session);
    // The first of an identity, which the table was told of at once: it is a new row there, and appends.
    void note_first(std::int64_t session);
    // nullopt: the table knows.
    [[nodiscard]] std::optional<std::int64_t> find(std::int64_t identity) const;

    // What to write into the table in this transaction, by growing identity: at most `rows`, and nothing
    // until enough has gathered. Valid until the next call of anything.
    [[nodiscard]] std::span<const entry> write_behind(std::size_t rows);
    // After the last of a round was given out: the table knows all sessions up to this one.
    [[nodiscard]] std::optional<std::int64_t> new_floor() const noexcept;

    void commit();
    void roll_back();

private:
    struct undo {
        std::int64_t identity{0};
        std::optional<std::int64_t> session;
    };

    void begin_round();

    limits limits_;
    boost::unordered_flat_map<std::int64_t, std::int64_t> noted_;
    std::size_t sessions_noted_{0}; // since the last round began
    std::int64_t last_session_{0};
    std::vector<undo> undo_;
    std::size_t sessions_noted_before_{0};

    // The round: what was noted before it began, sorted.
    std::vector<entry> round_;
    std::size_t given_out_{0};
    std::size_t committed_{0};
    std::optional<std::int64_t> floor_after_; // nullopt: there is no round
};

} // namespace wxlogind::storage::sqlite
