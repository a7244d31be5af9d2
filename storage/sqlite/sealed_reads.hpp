// Sealed values as they are read. Throws sqlite_error.
#pragma once

#include "storage/sealed_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace wxlogind::storage::sqlite {

// What the keys have sealed in some rows, from new to old.
template <class Cursor>
struct sealed_tally {
    std::map<std::uint32_t, std::uint64_t> by_key;
    Cursor seen_through; // where to go on
    std::size_t rows{0};
    bool is_at_end{false};
};

class sealed_reads {
public:
    explicit sealed_reads(connection& on); // which outlives this

    // As sealed_store::find_others_than.
    [[nodiscard]] sealed_page find_others_than(std::string_view prefix, std::int64_t behind);
    [[nodiscard]] sealed_phone_page find_phones_other_than(std::string_view prefix, const user_id& behind);

    // Of the rows before the given one.
    [[nodiscard]] sealed_tally<std::int64_t> count_session_keys(std::int64_t before);
    [[nodiscard]] sealed_tally<user_id> count_phones(user_id before);

private:
    statement sessions_;
    statement place_;
    statement phones_;
    statement newest_sessions_;
    statement newest_phones_;
};

} // namespace wxlogind::storage::sqlite
