#include "storage/acting_as_owner.hpp"

#include "core/base/system_user.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace wxlogind::storage {

acting_as_owner::acting_as_owner(const std::string& file)
    : user_before_{::geteuid()}, group_before_{::getegid()} {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0)
        throw std::runtime_error{"look at " + file + ": " + std::strerror(errno)};
    if (found.st_uid == user_before_) return;
    const std::string owner = name_of_user(found.st_uid);
    if (user_before_ != 0)
        throw std::runtime_error{
            file + " belongs to the user " + owner + ": run this as that user, or as root"};
    if (::setegid(found.st_gid) != 0 || ::seteuid(found.st_uid) != 0)
        throw std::runtime_error{
            "act as the user " + owner + ", who owns " + file + ": " + std::strerror(errno)};
}

acting_as_owner::~acting_as_owner() {
    // Where it fails nothing is to be mended: what was to be done is done.
    [[maybe_unused]] const bool is_back = ::seteuid(user_before_) == 0 && ::setegid(group_before_) == 0;
}

} // namespace wxlogind::storage
