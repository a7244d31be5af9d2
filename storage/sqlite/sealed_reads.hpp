// Sealed values as they are read. Throws sqlite_error.
#pragma once

#include "storage/sealed_store.hpp"
#include "storage/sqlite/connection.hpp"

namespace wxlogind::storage::sqlite {

class sealed_reads {
public:
    explicit sealed_reads(connection& on); // which outlives this

    // As sealed_store::find_others_than.
    [[nodiscard]] sealed_page find_others_than(std::string_view prefix, std::int64_t behind);
    [[nodiscard]] sealed_phone_page find_phones_other_than(std::string_view prefix, const user_id& behind);

private:
    statement sessions_;
    statement place_;
    statement phones_;
};

} // namespace wxlogind::storage::sqlite
