#include "core/base/system_user.hpp"

#include <pwd.h>

namespace wxlogind {

std::string name_of_user(uid_t user) {
    const passwd* const known = ::getpwuid(user); // NOLINT(concurrency-mt-unsafe): the main thread alone asks
    return known != nullptr ? known->pw_name : std::to_string(user);
}

} // namespace wxlogind
