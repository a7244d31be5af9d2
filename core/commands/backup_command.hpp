// `wxlogind backup`: a copy of the database, also while a server uses it.
#pragma once

#include "core/commands/check_config.hpp"

#include <string>

namespace wxlogind {

// wxlogind backup --config FILE --to FILE [--json]
struct backup_command {
    std::string config_file;
    std::string to;
    bool as_json{false};
};

// storage::back_up with the configuration's database, and what came of it: a line, or
// {"ok":true,"file":"...","bytes":N,"users":N,"avatars":N,"took_ms":N} or {"ok":false,"error":"..."}.
[[nodiscard]] config_report make_backup(const backup_command& order);

} // namespace wxlogind
