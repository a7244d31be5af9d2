// What the endpoints of users' pictures share: where they are, how large they may be, what clients see.
#pragma once

#include "core/base/config.hpp"
#include "core/base/errors.hpp"
#include "core/base/metrics/counters.hpp"
#include "storage/avatar_store.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace wxlogind::metrics {
class report;
} // namespace wxlogind::metrics

namespace wxlogind::handlers {

// Bytes of the process's memory that pictures on their way may take. Any thread.
class byte_budget {
public:
    explicit byte_budget(std::size_t limit) noexcept : limit_{limit} {}

    // Held for as long as what it gives lives; nullptr: so much is not left. The budget outlives it.
    [[nodiscard]] std::shared_ptr<const void> take(std::size_t bytes);

private:
    const std::size_t limit_;
    std::atomic<std::size_t> taken_{0};
};

class avatar_access {
public:
    // `store` outlives this.
    avatar_access(storage::avatar_store& store, const avatar_settings& settings);

    // What clients see of a profile's avatar_url: of a picture of ours, its URL in full. Any thread.
    [[nodiscard]] std::string shown_url(std::string_view avatar_url) const;

    // A body of wx.uploadFile may have this many bytes: the picture, and what is around it.
    [[nodiscard]] std::size_t longest_upload() const noexcept { return rules.max_bytes + 16 * 1024; }

    // A picture was sent and not stored. Any thread.
    void note_refused(errc why) noexcept;

    // For metrics.
    void describe(metrics::report& to) const;

    storage::avatar_store& store;
    const avatar_settings rules;
    byte_budget memory;

private:
    std::array<metrics::shared_counter, 5> refused_; // as the reasons in avatar_access.cpp
};

} // namespace wxlogind::handlers
