// From the configuration to a store.
#pragma once

#include "core/base/config.hpp"
#include "storage/store.hpp"
#include "storage/store_counters.hpp"

#include <memory>
#include <stdexcept>

namespace wxlogind::storage {

// Why a store cannot be opened, in words for the operator. Nobody can go on without one.
class store_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Opens, checks, migrates and starts the writer. Blocks. Throws store_error.
//
// storage.url is "sqlite:/path", and may end in parameters, "sqlite:/path?check=always&vfs=name":
//   check   after_crash (the default: a quick_check when the last process did not close the database and it
//           is smaller than 256 MiB), always, never
//   vfs     an SQLite VFS that this process has registered; tests inject faults through one
//
// `counters` outlives the store.
[[nodiscard]] std::unique_ptr<login_store>
open_store(const storage_settings& settings, store_counters& counters);

} // namespace wxlogind::storage
