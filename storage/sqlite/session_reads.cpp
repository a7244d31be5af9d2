#include "storage/sqlite/session_reads.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

session_reads::session_reads(connection& on)
    : revocations_{on, "SELECT user, sid, is_of_all, until FROM revocation WHERE until > ?1 ORDER BY id"} {}

std::vector<revocation> session_reads::revocations_at(unix_millis now) {
    std::vector<revocation> all;
    revocations_.bind(1, count_of(now));
    execution rows{revocations_};
    while (rows.step())
        all.push_back(
            {.user = id_in(revocations_.blob(0)),
             .sid = revocations_.number(1),
             .is_of_all = revocations_.number(2) != 0,
             .until = time_in(revocations_, 3)});
    return all;
}

} // namespace wxlogind::storage::sqlite
