// What the writer thread does next. Knows counts, not threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace wxlogind::storage {

enum class writer_step : std::uint8_t {
    commit,      // take a batch
    commit_idle, // nobody waits for a commit: take one row of house-keeping
    sleep,       // nothing is queued
    stop,        // nothing is queued, and nothing more will be
};

// Nobody waits on purpose for a batch to fill: it is whatever queued up while the last commit ran, so load
// makes batches bigger by itself.
class write_queue {
public:
    // max_batch: most rows of one commit. max_queued: most rows that wait for one; both at least 1.
    constexpr write_queue(std::size_t max_batch, std::size_t max_queued) noexcept
        : max_batch_{std::max<std::size_t>(max_batch, 1)},
          max_queued_{std::max<std::size_t>(max_queued, 1)} {}

    // One more row. false: full or stopping, and the row is not counted.
    [[nodiscard]] constexpr bool offer() noexcept {
        if (is_stopping_ || queued_ >= max_queued_) return false;
        ++queued_;
        return true;
    }

    // One more row that waits until nothing else does. false: as with offer().
    [[nodiscard]] constexpr bool offer_idle() noexcept {
        if (is_stopping_ || idle_ >= max_idle) return false;
        ++idle_;
        return true;
    }

    [[nodiscard]] constexpr writer_step next() const noexcept {
        if (queued_ != 0) return writer_step::commit;
        if (idle_ != 0) return writer_step::commit_idle;
        return is_stopping_ ? writer_step::stop : writer_step::sleep;
    }

    // How many of the oldest rows the next commit takes.
    [[nodiscard]] constexpr std::size_t take_batch() noexcept {
        const std::size_t taken = std::min(queued_, max_batch_);
        queued_ -= taken;
        return taken;
    }

    // The oldest of the rows that waited for an idle moment is taken.
    constexpr void take_idle() noexcept { --idle_; }

    // Rows that are queued already are still committed.
    constexpr void stop() noexcept { is_stopping_ = true; }

    [[nodiscard]] constexpr bool is_stopping() const noexcept { return is_stopping_; }
    [[nodiscard]] constexpr std::size_t queued() const noexcept { return queued_; }

    // House-keepers wait for their row before they push the next one, so that there are few.
    static constexpr std::size_t max_idle = 64;

private:
    std::size_t max_batch_;
    std::size_t max_queued_;
    std::size_t queued_{0};
    std::size_t idle_{0};
    bool is_stopping_{false};
};

} // namespace wxlogind::storage
