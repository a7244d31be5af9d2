// The version of the database's schema, and bringing it up to this program's without a server.
#pragma once

#include "core/base/config.hpp"

#include <optional>
#include <string>

namespace wxlogind::storage {

struct schema_state {
    std::string file;
    std::optional<int> found; // nullopt: there is no database yet; open_store makes it
    int newest{0};            // what this program reads and writes

    [[nodiscard]] bool is_due() const noexcept { return found && *found != newest; }
};

// Both throw store_error: it is no database of ours, it is newer than this program, it belongs to a user who
// is not ours, there is no directory for it. Root acts as the owner of the file. To be called by the main
// thread, before any other is started.

// Changes nothing; also while a server uses the database.
[[nodiscard]] schema_state look_at_schema(const storage_settings& settings);

// What open_store would do, and no more: checks the database where it was not closed, and takes it from
// `found` to `newest`, each version in one transaction. Makes none. Throws store_error also when another
// process has the database and it is due, or when a step fails, and says then which version it is left at.
// Blocks.
schema_state migrate_schema(const storage_settings& settings);

} // namespace wxlogind::storage
