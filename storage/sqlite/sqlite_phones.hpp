// Phone numbers, in an SQLite file.
#pragma once

#include "storage/phone_store.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_phones final : public phone_store {
public:
    explicit sqlite_phones(write_gate& writes) : writes_{writes} {} // which outlives this

    task<result<phone_outcome>> bind_phone(phone_binding binding) override;
    task<result<std::uint32_t>> note_paid_call(paid_call call) override;
    task<result<void>> take_back_paid_call(paid_call call) override;

private:
    write_gate& writes_;
};

} // namespace wxlogind::storage::sqlite
