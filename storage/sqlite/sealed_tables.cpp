#include "storage/sqlite/sealed_tables.hpp"

namespace wxlogind::storage::sqlite {

sealed_tables::sealed_tables(connection& on)
    : replace_{
          on, "UPDATE session SET session_key = nullif(?3, x''), fingerprint = ?4 WHERE sid = ?1 AND "
              "session_key = ?2 "
              "RETURNING 1"} {}

bool sealed_tables::replace(const resealed_value& value) {
    replace_.bind(1, value.sid);
    replace_.bind_blob(2, value.before.data(), value.before.size());
    replace_.bind_blob(3, value.after.data(), value.after.size());
    replace_.bind(4, static_cast<std::int64_t>(value.fingerprint));
    execution change{replace_};
    bool is_replaced = false;
    while (change.step()) is_replaced = true;
    return is_replaced;
}

} // namespace wxlogind::storage::sqlite
