// The schema, as numbered steps from an empty file to now.
#pragma once

#include "storage/sqlite/connection.hpp"

namespace wxlogind::storage::sqlite {

// The version that this program reads and writes.
[[nodiscard]] int newest_schema() noexcept;

// The version of a database of ours; 0: there is nothing in it yet. Changes nothing. Throws sqlite_error, and
// std::runtime_error when the file has a newer schema than this program knows, or is another program's.
[[nodiscard]] int schema_of(connection& db);

// Brings the schema up to newest_schema(). Each step is one transaction together with its number, so a
// process killed in between leaves the version before or the version after. Throws as schema_of does.
// Returns the version that was found.
int migrate(connection& db);
// No further than `version`: as an older program left it.
int migrate(connection& db, int version);

} // namespace wxlogind::storage::sqlite
