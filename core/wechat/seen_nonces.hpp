// What was there before, for as long as it may come again. Pure: the time is passed in.
#pragma once

#include "core/base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace wxlogind::wechat {

// Not thread-safe. Bounded: when there are too many, the older half is forgotten.
class seen_nonces {
public:
    // Each is remembered for `span` at least, and twice as long at most.
    explicit seen_nonces(std::chrono::seconds span, std::size_t most = 100'000) noexcept
        : span_{span}, most_{most} {}

    // Whether it is new.
    [[nodiscard]] bool note(std::string_view nonce, unix_seconds now) {
        const std::size_t hash = std::hash<std::string_view>{}(nonce);
        if (now - began_ >= span_ || younger_.size() >= most_ / 2) {
            const bool is_all_old = now - began_ >= 2 * span_;
            older_ = is_all_old ? std::unordered_set<std::size_t>{} : std::exchange(younger_, {});
            younger_.clear();
            began_ = now;
        }
        return !older_.contains(hash) && younger_.insert(hash).second;
    }

private:
    const std::chrono::seconds span_;
    const std::size_t most_;
    unix_seconds began_{};
    std::unordered_set<std::size_t> younger_{};
    std::unordered_set<std::size_t> older_{};
};

} // namespace wxlogind::wechat
