// From the configuration to the file of the database.
#pragma once

#include "core/base/config.hpp"
#include "storage/sqlite/location.hpp"

#include <string>
#include <string_view>

namespace wxlogind::storage {

// What storage.url says. Throws store_error.
[[nodiscard]] sqlite::location sqlite_location(const storage_settings& settings);

// `what`, behind the name of the file it is about where it does not name it itself.
[[nodiscard]] std::string about_file(const std::string& path, std::string_view what);

} // namespace wxlogind::storage
