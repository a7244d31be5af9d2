// The audit log as it is read: its rows, and the logins that the sessions tell of. Throws sqlite_error.
#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

class audit_reads {
public:
    explicit audit_reads(connection& on); // which outlives this

    // As audit_log::read. `trail`: where the sessions of query.user begin, if that is known.
    [[nodiscard]] audit_page
    page(const audit_query& query, const std::optional<session_trail>& trail = std::nullopt);

private:
    // Newest first. `end`: how far back it has looked; 0 = to the beginning.
    struct part {
        std::vector<audit_record> records;
        audit_position end{0};
    };
    // Every id by which the same user is known: the survivor's and those that were merged into it.
    [[nodiscard]] std::vector<user_id> names_of(const user_id& user);
    // nullopt: whoever they are of.
    [[nodiscard]] part own_records(const audit_query& query, const std::optional<user_id>& name);
    // Of none: of all.
    [[nodiscard]] part logins(const audit_query& query, const std::vector<user_id>& names);
    // Those of one user, from session to session. nullopt: there are too many of them before the page begins.
    [[nodiscard]] std::optional<part> logins_on(session_trail trail, const audit_query& query);

    statement records_;
    statement records_of_user_;
    statement sessions_;
    statement session_;
    statement names_;
};

} // namespace wxlogind::storage::sqlite
