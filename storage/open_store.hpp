// From the configuration to a store.
#pragma once

#include "core/base/config.hpp"
#include "storage/audit_log.hpp"
#include "storage/avatar_store.hpp"
#include "storage/phone_store.hpp"
#include "storage/sealed_store.hpp"
#include "storage/session_key_store.hpp"
#include "storage/session_store.hpp"
#include "storage/store.hpp"
#include "storage/store_counters.hpp"
#include "storage/user_store.hpp"

#include <memory>
#include <stdexcept>

namespace wxlogind::storage {

// Why a store cannot be opened, in words for the operator. Nobody can go on without one.
class store_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One open database: logins, and an interface for each other topic. They live as long as it does, and close()
// ends them all.
class store : public login_store {
public:
    [[nodiscard]] virtual session_store& sessions() noexcept = 0;
    [[nodiscard]] virtual user_store& users() noexcept = 0;
    [[nodiscard]] virtual audit_log& audit() noexcept = 0;
    [[nodiscard]] virtual sealed_store& sealed() noexcept = 0;
    [[nodiscard]] virtual session_key_store& session_keys() noexcept = 0;
    [[nodiscard]] virtual phone_store& phones() noexcept = 0;
};

// Opens, checks, migrates and starts the writer. Blocks. Throws store_error.
//
// storage.url is "sqlite:/path", and may end in parameters, "sqlite:/path?check=always&vfs=name":
//   check   after_crash (the default: a quick_check when the last process did not close the database and it
//           is smaller than 256 MiB), always, never
//   vfs     an SQLite VFS that this process has registered; tests inject faults through one
//
// `counters`, and `observer` where there is one, outlive the store.
[[nodiscard]] std::unique_ptr<store> open_store(
    const storage_settings& settings, store_counters& counters, revocation_observer* observer = nullptr);

// Whether there is one to be opened: open_store makes it where there is none. Throws store_error.
[[nodiscard]] bool has_database(const storage_settings& settings);

// The pictures beside that database. As long as there are none, there is no directory. Throws store_error.
[[nodiscard]] std::unique_ptr<avatar_store>
open_avatars(const storage_settings& settings, std::uint64_t min_free_bytes);

} // namespace wxlogind::storage
