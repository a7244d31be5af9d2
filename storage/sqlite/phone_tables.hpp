// Phone numbers, in SQL.
#pragma once

#include "storage/phone_store.hpp"
#include "storage/sealed_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/user_reads.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class phone_tables {
public:
    explicit phone_tables(connection& on); // which outlives this

    // As phone_store says of each, without the audit record.
    [[nodiscard]] result<phone_outcome> bind(const phone_binding& binding);
    [[nodiscard]] result<std::uint32_t> note_paid_call(const paid_call& call);
    void take_back_paid_call(const paid_call& call);

    // A user's number, or one that was set aside at a merge. false: it is something else by now.
    [[nodiscard]] bool replace(const resealed_phone& phone);

private:
    [[nodiscard]] std::vector<user_id> others_than(const phone_binding& binding);
    [[nodiscard]] static bool replace_in(statement& where, const resealed_phone& phone);
    [[nodiscard]] std::uint32_t calls_of(const paid_call& call);
    void set_calls(const paid_call& call, std::uint32_t calls);

    user_reads users_;
    statement bind_;
    statement find_;
    statement replace_;
    statement replace_set_aside_;
    statement find_calls_;
    statement set_calls_;
};

} // namespace wxlogind::storage::sqlite
