// Who touches the files of a database.
#pragma once

#include <string>

#include <sys/types.h>

namespace wxlogind::storage {

// SQLite and we make files beside a database, and its server has to be able to open them. So while this
// lives, root is the user who owns `file`, and whoever is neither is refused. The whole process changes:
// before any other thread is started.
class acting_as_owner {
public:
    // Throws std::runtime_error: who owns the file, or why it cannot be looked at.
    explicit acting_as_owner(const std::string& file);
    ~acting_as_owner();
    acting_as_owner(const acting_as_owner&) = delete;
    acting_as_owner& operator=(const acting_as_owner&) = delete;

private:
    const uid_t user_before_;
    const gid_t group_before_;
};

} // namespace wxlogind::storage
