#include "storage/sqlite/merged_phones.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// A statement that changes rows and answers with each: how many there were.
int changes_of(statement& change) {
    int changed = 0;
    execution rows{change}; // done only when it has run to its end
    while (rows.step()) ++changed;
    return changed;
}

constexpr int forgotten_at_once = 100;

} // namespace

// In each, ?1 is the survivor and ?2 the merged user.
merged_phones::merged_phones(connection& on)
    : take_{
          on, "UPDATE user SET phone = merged.phone, phone_index = merged.phone_index, "
              "phone_sealed_for = ifnull(merged.phone_sealed_for, merged.id) FROM user AS merged "
              "WHERE user.id = ?1 AND merged.id = ?2 AND user.phone IS NULL AND merged.phone IS NOT NULL "
              "RETURNING 1"},
      set_aside_{
          on, "UPDATE merged_user SET phone = merged.phone, phone_index = merged.phone_index, "
              "phone_sealed_for = ifnull(merged.phone_sealed_for, merged.id) FROM user AS merged "
              "WHERE merged_user.id = ?2 AND merged.id = ?2 AND merged.phone IS NOT NULL RETURNING 1"},
      // Also what the merged user had taken over from those who had been merged into it.
      give_back_taken_{
          on, "WITH RECURSIVE own (id) AS (SELECT ?2 UNION "
              "SELECT m.id FROM own JOIN merged_user AS m ON m.into_user = own.id WHERE m.survivor = ?1) "
              "UPDATE user SET phone = theirs.phone, phone_index = theirs.phone_index, "
              "phone_sealed_for = nullif(theirs.phone_sealed_for, ?2) FROM user AS theirs "
              "WHERE user.id = ?2 AND theirs.id = ?1 AND theirs.phone_sealed_for IN (SELECT id FROM own) "
              "RETURNING 1"},
      drop_taken_{
          on, "UPDATE user SET phone = NULL, phone_index = NULL, phone_sealed_for = NULL WHERE id = ?1"},
      // It lies with another where the user into whom this one was merged had taken it, and was then merged
      // itself into one with a number of its own.
      give_back_set_aside_{
          on, "UPDATE user SET phone = aside.phone, phone_index = aside.phone_index, "
              "phone_sealed_for = nullif(aside.phone_sealed_for, ?2) FROM merged_user AS aside "
              "WHERE user.id = ?2 AND aside.survivor = ?1 AND aside.phone IS NOT NULL "
              "AND (aside.id = ?2 OR aside.phone_sealed_for = ?2)"},
      drop_set_aside_{
          on, "UPDATE merged_user SET phone = NULL, phone_index = NULL, phone_sealed_for = NULL "
              "WHERE survivor = ?1 AND phone IS NOT NULL AND (id = ?2 OR phone_sealed_for = ?2)"},
      forget_set_aside_{
          on, "UPDATE merged_user SET phone = NULL, phone_index = NULL, phone_sealed_for = NULL WHERE id IN "
              "(SELECT id FROM merged_user WHERE phone IS NOT NULL AND merged < ?1 LIMIT ?2) RETURNING 1"} {}

merged_phones::fate merged_phones::take_over(const user_id& survivor, const user_id& merged) {
    bind_id(take_, 1, survivor);
    bind_id(take_, 2, merged);
    if (changes_of(take_) != 0) return fate::taken;
    bind_id(set_aside_, 2, merged);
    return changes_of(set_aside_) != 0 ? fate::set_aside : fate::none;
}

void merged_phones::give_back(const user_id& survivor, const user_id& merged) {
    bind_id(give_back_taken_, 1, survivor);
    bind_id(give_back_taken_, 2, merged);
    if (changes_of(give_back_taken_) != 0) {
        bind_id(drop_taken_, 1, survivor);
        run(drop_taken_);
        return;
    }
    for (statement* const each : {&give_back_set_aside_, &drop_set_aside_}) {
        bind_id(*each, 1, survivor);
        bind_id(*each, 2, merged);
        run(*each);
    }
}

bool merged_phones::forget_set_aside_before(unix_millis time) {
    forget_set_aside_.bind(1, count_of(time));
    forget_set_aside_.bind(2, std::int64_t{forgotten_at_once});
    return changes_of(forget_set_aside_) == forgotten_at_once;
}

} // namespace wxlogind::storage::sqlite
