// Sealed values, in an SQLite file.
#pragma once

#include "storage/sealed_store.hpp"
#include "storage/sqlite/long_reads.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_sealed final : public sealed_store {
public:
    // Both outlive this.
    sqlite_sealed(write_gate& writes, long_reads& reads) : writes_{writes}, reads_{reads} {}

    task<result<sealed_page>> find_others_than(std::string prefix, std::int64_t behind) override;
    task<result<std::size_t>> replace(std::vector<resealed_value> values) override;
    task<result<sealed_phone_page>> find_phones_other_than(std::string prefix, user_id behind) override;
    task<result<std::size_t>> replace_phones(std::vector<resealed_phone> phones) override;
    task<result<sealed_counts>> count_by_key(std::size_t most_rows) override;

private:
    write_gate& writes_;
    long_reads& reads_;
};

} // namespace wxlogind::storage::sqlite
