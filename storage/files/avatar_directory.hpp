// A directory of pictures, as the disk sees it.
#pragma once

#include "core/base/errors.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::storage::files {

// Beside the database of that path, whose name it has with "-avatars" behind it.
[[nodiscard]] std::string avatar_directory_of(const std::string& database);

// DIRECTORY/0f/0f3c…: by the first two digits of the name, so that none grows too large. Files never change
// once they have their name. Made with the first picture: mode 0700, and 0600 for the files. Every function
// blocks; any thread.
class avatar_directory {
public:
    // Leaves `min_free` bytes of the disk to the database.
    avatar_directory(std::string path, std::uint64_t min_free);

    // Under that name, durably: errc::storage_unavailable, and nothing is left of it.
    [[nodiscard]] result<void> write(const std::string& id, std::string_view picture) const;
    [[nodiscard]] result<std::uint64_t> size_of(const std::string& id) const; // errc::not_found
    [[nodiscard]] result<std::string> read(const std::string& id) const;      // errc::not_found
    [[nodiscard]] result<void> remove(const std::string& id) const;
    // Older than that. What was never finished and is as old is removed.
    [[nodiscard]] result<std::vector<std::string>> aged(unsigned shelf, std::chrono::seconds age) const;

private:
    [[nodiscard]] std::string shelf_of(const std::string& id) const;
    [[nodiscard]] std::string file_of(const std::string& id) const;
    [[nodiscard]] bool has_room_for(std::size_t bytes) const;

    const std::string path_;
    const std::uint64_t min_free_;
};

// Copies what is in `from` to `to`, which takes the place of what was there: by links where the file system
// has them, since the files never change. Gives how many pictures there are. Throws std::runtime_error.
// Pictures that come or go meanwhile may be in it or not; call it twice, and none that was there before the
// first and after the second is missing.
class avatar_copy {
public:
    avatar_copy(std::string from, std::string to);
    ~avatar_copy(); // gone again unless it took its name
    avatar_copy(const avatar_copy&) = delete;
    avatar_copy& operator=(const avatar_copy&) = delete;

    void add_new();
    std::uintmax_t take_name();

private:
    void add(const std::string& shelf, const std::string& file) const;

    const std::string from_;
    const std::string to_;
    const std::string partial_;
    bool has_name_{false};
};

} // namespace wxlogind::storage::files
