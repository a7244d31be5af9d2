// How often things may be done, each thing by itself: the generic cell rate algorithm (GCRA; ITU-T I.371) in
// a table of fixed size.
//
// GCRA keeps one number for a thing: the time until which what it has done would have taken at the allowed
// rate. The further ahead of now, the more of the quota is used; at or before now it is as if the thing had
// never been seen. So nothing has to be swept, and when a bucket of the table is full of numbers ahead of
// now, the nearest one goes: who has used least of his quota is forgotten first. Somebody at his limit is the
// last to be forgotten; only as many others at theirs in the same bucket push him out.
#pragma once

#include "core/base/siphash.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace wxlogind {

struct rate_policy {
    std::string_view name;  // for RateLimit-Policy: a literal
    std::uint32_t quota{0}; // so many at once, and as many again over each window; 0 = no limit
    std::chrono::seconds window{60};
};

// A policy made ready for counting.
class rate {
public:
    explicit rate(const rate_policy& policy) noexcept;

    // One object for each policy, for as long as the process lives: a reload changes which one counts, and
    // failures point to the one that did. Configurations know few of them. Any thread; takes a lock.
    [[nodiscard]] static const rate& of(const rate_policy& policy);

    [[nodiscard]] const rate_policy& policy() const noexcept { return policy_; }

private:
    friend class rate_table;
    rate_policy policy_;
    std::uint64_t interval_;  // between two at the allowed rate, in steps of the table
    std::uint64_t tolerance_; // how far ahead of now a thing may be
};

struct rate_decision {
    bool is_allowed{true};
    std::chrono::nanoseconds wait{0}; // until the next one is, when this one is not
};

// Shared by all reactors, since the connections of one client come in on any of them; lock-free, and a
// decision touches one cache line. Has no clock: tests move time as they like.
class rate_table {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // For `cells` things at once, rounded up to a power of two; 8 bytes each, and it never grows. `start`: a
    // time that none given later lies before. Times count in steps of 16 us for nine years from it.
    rate_table(std::size_t cells, time_point start);

    // Counts one in for what `key` names, unless its quota is used up: a refusal costs nothing of it. `by`
    // may be another one than the last time: what has been used stays used. Any thread.
    [[nodiscard]] rate_decision take(const rate& by, std::string_view key, time_point now) noexcept;

    // How many of its quota a thing has used, as far as that has not come back. Any thread.
    [[nodiscard]] std::uint32_t used(const rate& by, std::string_view key, time_point now) const noexcept;

    [[nodiscard]] std::size_t bytes() const noexcept { return (mask_ + 1) * sizeof(bucket); }
    // Things that were forgotten before their quota was whole again. Any thread.
    [[nodiscard]] std::uint64_t forgotten() const noexcept {
        return forgotten_.load(std::memory_order_relaxed);
    }

private:
    // 20 bits of the key's hash, and 44 bits of time.
    using cell = std::atomic<std::uint64_t>;
    struct alignas(64) bucket {
        cell cells[8];
    };

    const time_point start_;
    const std::size_t mask_;
    const sip_key hash_key_; // nobody can choose keys that share a bucket
    const std::unique_ptr<bucket[]> buckets_;
    std::atomic<std::uint64_t> forgotten_{0};
};

} // namespace wxlogind
