// Where the pictures of users live: beside the database, a file each.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/metrics/counters.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::storage {

// A profile whose avatar_url begins so, with the name of a picture behind it, shows a picture from here. The
// row says which picture is whose, so that changing, erasing and merging users needs no second book.
inline constexpr std::string_view avatar_path{"/avatars/"};

// The name of a picture: hexadecimal digits that nobody can guess.
inline constexpr std::size_t avatar_id_size = 32;
[[nodiscard]] inline bool is_avatar_id(std::string_view text) noexcept {
    return text.size() == avatar_id_size &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The name in the path or the URL of a picture of ours, however the URL begins; "" when it is none.
[[nodiscard]] inline std::string_view avatar_id_in(std::string_view url) noexcept {
    const std::size_t begin = url.size() - std::min(url.size(), avatar_id_size);
    const std::string_view id = url.substr(begin);
    return url.substr(0, begin).ends_with(avatar_path) && is_avatar_id(id) ? id : std::string_view{};
}

// Since the start.
struct avatar_counts {
    metrics::shared_counter stored;
    metrics::shared_counter stored_bytes;
    metrics::shared_counter removed; // asked for and done, also of what had gone already
};

// Thread-safe, except that a task belongs to the reactor that awaits it. No task waits for the disk on its
// reactor. errc::overloaded when too many wait; errc::storage_unavailable when the disk fails.
class avatar_store {
public:
    virtual ~avatar_store() = default;

    // Under a new name, which it gives. Resumes after the picture is durable.
    // errc::storage_unavailable also when so little of the disk is free that the database needs it.
    virtual task<result<std::string>> keep(std::string picture) = 0;

    // How many bytes it has. errc::not_found.
    virtual task<result<std::uint64_t>> size_of(std::string id) = 0;
    // errc::not_found.
    virtual task<result<std::string>> read(std::string id) = 0;
    // Also when it has gone already.
    virtual task<result<void>> remove(std::string id) = 0;

    // The names of one of `shelves` whose pictures have been there for an hour: by now a profile shows them,
    // or none ever will. Removes on the way what was never finished.
    static constexpr unsigned shelves = 256;
    virtual task<result<std::vector<std::string>>> aged(unsigned shelf) = 0;

    // Finishes what is queued, and takes no more. Blocks; main thread. As with login_store::close, the event
    // loops turn on meanwhile.
    virtual void close() = 0;

    [[nodiscard]] const avatar_counts& counts() const noexcept { return counts_; }

protected:
    avatar_counts counts_;
};

} // namespace wxlogind::storage
