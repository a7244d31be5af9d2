// A table of what was used lately, bounded: two generations, of which the older is forgotten as a whole.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace wxlogind::wechat_sim {

// What stands for a text in a table: long enough that two texts never meet.
struct digest {
    std::uint64_t high{};
    std::uint64_t low{};
    bool operator==(const digest&) const = default;
};

struct digest_hash {
    using is_avalanching = void;
    std::size_t operator()(const digest& key) const noexcept { return key.low; }
};

// Holds the last `capacity` keys used, and at most twice as many. Not thread-safe.
template <class Value>
class recent_map {
public:
    explicit recent_map(std::size_t capacity) : capacity_{capacity} {}

    // The value of `key`, made when there is none. Good until the next call.
    Value& at(const digest& key) {
        if (const auto found = young_.find(key); found != young_.end()) return found->second;
        if (young_.size() >= capacity_) {
            old_ = std::move(young_);
            young_ = {};
        }
        Value value{};
        if (const auto found = old_.find(key); found != old_.end()) value = found->second;
        return young_.emplace(key, std::move(value)).first->second;
    }

    // nullptr when unknown or forgotten.
    [[nodiscard]] const Value* find(const digest& key) const {
        if (const auto found = young_.find(key); found != young_.end()) return &found->second;
        const auto found = old_.find(key);
        return found == old_.end() ? nullptr : &found->second;
    }

private:
    using table = boost::unordered_flat_map<digest, Value, digest_hash>;
    std::size_t capacity_;
    table young_;
    table old_;
};

} // namespace wxlogind::wechat_sim
