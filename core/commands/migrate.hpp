// `wxlogind migrate`: the database's schema brought to this program's version before the server is started.
#pragma once

#include <string>

namespace wxlogind {

// wxlogind migrate --config FILE [--check] [--json]
struct migrate_command {
    std::string config_file;
    bool is_check{false};
    bool as_json{false};
};

struct migrate_report {
    static constexpr int failed = 1;
    static constexpr int is_due = 3; // of --check alone: scripts tell it from a failure

    std::string text; // a line, or one JSON object, with the line end
    int exit_status{0};
};

// storage::migrate_schema, or look_at_schema, with the configuration's database, and what came of it: a line,
// or {"ok":true,"file":"...","state":"...","from":N,"to":N,"took_ms":N} or {"ok":false,"error":"..."}.
// "state": "migrated", "current" (nothing was to be done), "due" (--check), or "none", there is no database,
// without "from". "took_ms" with "migrated" alone. The main thread, before any other is started.
[[nodiscard]] migrate_report migrate_database(const migrate_command& order);

} // namespace wxlogind
