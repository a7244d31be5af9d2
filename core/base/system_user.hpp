// Users of the operating system.
#pragma once

#include <string>

#include <sys/types.h>

namespace wxlogind {

// Its name, or its number where it has none. The main thread.
[[nodiscard]] std::string name_of_user(uid_t user);

} // namespace wxlogind
