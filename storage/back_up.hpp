// A copy of the database, taken while a server may be using it.
#pragma once

#include "core/base/config.hpp"

#include <cstdint>
#include <string>

namespace wxlogind::storage {

struct backup_report {
    std::uintmax_t bytes{0};
    std::int64_t users{0};
    std::uintmax_t avatars{0};
};

// Writes `to`, mode 0600: everything that was committed before the call, and so every login that was answered
// before, as one moment saw it. The copy is checked (integrity_check) and on the disk before it takes the
// name `to`, in one step and in place of what may have had it; when anything fails, `to` stays as it was.
// The users' pictures go into the directory `to` + "-avatars", which takes the place of what was there
// likewise: as links where the file system has them. Needs no word from the server, and holds up none of its
// logins; while it runs the write-ahead log cannot be folded back, and grows. Throws store_error. Blocks.
[[nodiscard]] backup_report back_up(const storage_settings& settings, const std::string& to);

} // namespace wxlogind::storage
