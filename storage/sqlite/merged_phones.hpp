// What becomes of phone numbers when two users turn out to be one person, and when not.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/user_id.hpp"
#include "storage/sqlite/connection.hpp"

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
//
// A number stays sealed as it was, since no key is known here: the row says whose it was when it was sealed.
class merged_phones {
public:
    explicit merged_phones(connection& on); // which outlives this

    enum class fate : unsigned char {
        none,      // there was no number
        taken,     // it is the survivor's now
        set_aside, // the survivor has one already
    };
    // The rows of both are there, and merged_user's.
    fate take_over(const user_id& survivor, const user_id& merged);

    // The revived user is there again, and merged_user's row still. What the survivor was given in place of
    // the number since stays with the survivor.
    void give_back(const user_id& survivor, const user_id& merged);

    // A hundred numbers that were set aside before `time`: true while there may be more.
    bool forget_set_aside_before(unix_millis time);

private:
    statement take_;
    statement set_aside_;
    statement give_back_taken_;
    statement drop_taken_;
    statement give_back_set_aside_;
    statement drop_set_aside_;
    statement forget_set_aside_;
};

} // namespace wxlogind::storage::sqlite
