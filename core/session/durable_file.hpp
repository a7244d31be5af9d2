// Files of keys: written whole and on disk before they have their name, and locked while they are changed.
#pragma once

#include "core/session/keyring.hpp"

#include <string>
#include <string_view>

namespace wxlogind::session {

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_{number} {}
    ~descriptor();
    descriptor(descriptor&& other) noexcept : number_{other.number_} { other.number_ = -1; }
    descriptor& operator=(descriptor&&) = delete;
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

// keyring_error, "path: why".
[[noreturn]] void refuse_file(const std::string& path, const std::string& why);
[[noreturn]] void refuse_by_system(const std::string& path, const std::string& what, int error);

// To read. Follows no symbolic link; a FIFO does not hold it up.
[[nodiscard]] descriptor open_to_read(const std::string& path);

// Opens the file and waits until nobody else has it locked so. What is open is the file of that name, not one
// that was replaced meanwhile. Throws keyring_error.
[[nodiscard]] descriptor open_locked(const std::string& path);

// A new file next to `target`, mode 0600, which goes unless it is given that name. Every function throws
// keyring_error, naming the target.
class file_in_the_making {
public:
    explicit file_in_the_making(const std::string& target);
    ~file_in_the_making();
    file_in_the_making(const file_in_the_making&) = delete;
    file_in_the_making& operator=(const file_in_the_making&) = delete;

    void write_durably(std::string_view text);
    // The owner of `original`, where we may give files away: root changes keys of a service's user.
    void take_owner_of(int original);
    // False when there is a file of that name already: it is not replaced.
    [[nodiscard]] bool take_name();
    void replace_target();

private:
    const std::string& target_;
    std::string path_;
    descriptor file_;
};

// Names that were given or taken there are on disk when it returns.
void sync_directory_of(const std::string& path);

} // namespace wxlogind::session
