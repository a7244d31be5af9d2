#include "core/base/rate_table.hpp"

#include "core/base/random.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>
#include <tuple>

namespace wxlogind {

namespace {

using step = std::chrono::duration<std::int64_t, std::ratio<16, 1'000'000>>;

constexpr unsigned time_bits = 44;
constexpr std::uint64_t time_mask = (std::uint64_t{1} << time_bits) - 1;
constexpr std::size_t cells_of_bucket = 8;

std::uint64_t interval_of(const rate_policy& policy) {
    const auto window = static_cast<std::uint64_t>(std::chrono::floor<step>(policy.window).count());
    return std::max<std::uint64_t>(1, window / std::max<std::uint32_t>(1, policy.quota));
}

sip_key random_key() {
    sip_key key{};
    fill_random(key);
    return key;
}

} // namespace

rate::rate(const rate_policy& policy) noexcept
    : policy_{policy},
      interval_{interval_of(policy)},
      tolerance_{interval_ * (std::max<std::uint32_t>(1, policy.quota) - 1)} {}

const rate& rate::of(const rate_policy& policy) {
    static std::mutex mutex;
    static std::map<std::tuple<std::string_view, std::uint32_t, std::chrono::seconds>, rate> known;
    const std::lock_guard lock{mutex};
    return known.try_emplace({policy.name, policy.quota, policy.window}, policy).first->second;
}

rate_table::rate_table(std::size_t cells, time_point start)
    : start_{start},
      mask_{std::bit_ceil(std::max(cells, cells_of_bucket)) / cells_of_bucket - 1},
      hash_key_{random_key()},
      buckets_{std::make_unique<bucket[]>(mask_ + 1)} {}

rate_decision rate_table::take(const rate& by, std::string_view key, time_point time) noexcept {
    if (by.policy_.quota == 0) return {};
    const sip_hash hash = siphash_128(hash_key_, key);
    const std::uint64_t tag = hash.high << time_bits;
    // Never 0: that is the time of a cell that nobody has used.
    const std::uint64_t now = static_cast<std::uint64_t>(std::chrono::floor<step>(time - start_).count()) + 1;
    cell* const cells = buckets_[hash.low & mask_].cells;

    for (;;) {
        cell* chosen = nullptr;
        std::uint64_t before = 0;
        for (std::size_t i = 0; i < cells_of_bucket; ++i) {
            const std::uint64_t value = cells[i].load(std::memory_order_relaxed);
            if ((value & ~time_mask) == tag) {
                chosen = &cells[i];
                before = value;
                break;
            }
            if (chosen == nullptr || (value & time_mask) < (before & time_mask)) {
                chosen = &cells[i];
                before = value;
            }
        }
        const bool is_known = (before & ~time_mask) == tag;
        const std::uint64_t used_until = is_known ? std::max(before & time_mask, now) : now;
        if (used_until - now > by.tolerance_)
            return {false, step{static_cast<std::int64_t>(used_until - now - by.tolerance_)}};
        // Another thread was faster with this cell: look again. One of them has got on.
        if (!chosen->compare_exchange_weak(
                before, tag | (used_until + by.interval_), std::memory_order_relaxed))
            continue;
        if (!is_known && (before & time_mask) > now) forgotten_.fetch_add(1, std::memory_order_relaxed);
        return {};
    }
}

std::uint32_t rate_table::used(const rate& by, std::string_view key, time_point time) const noexcept {
    const sip_hash hash = siphash_128(hash_key_, key);
    const std::uint64_t tag = hash.high << time_bits;
    const std::uint64_t now = static_cast<std::uint64_t>(std::chrono::floor<step>(time - start_).count()) + 1;
    for (const cell& each : buckets_[hash.low & mask_].cells) {
        const std::uint64_t value = each.load(std::memory_order_relaxed);
        if ((value & ~time_mask) != tag || (value & time_mask) <= now) continue;
        return static_cast<std::uint32_t>(((value & time_mask) - now + by.interval_ - 1) / by.interval_);
    }
    return 0;
}

} // namespace wxlogind
