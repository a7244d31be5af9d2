// Lines of the log on their way from the threads that log to the one that writes. Pure: whoever uses it
// holds a lock and says when.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace wxlogind {

// Two buffers that change places: one collects, the other is being written. They never grow, so that
// nobody who logs pays for it, and their pages cost nothing until they are used. An eighth of each is for
// events alone: they still fit when requests have filled the rest.
class pending_lines {
public:
    enum class rank : unsigned char {
        traffic, // one of very many
        event,
    };

    // Together the two hold `capacity` bytes.
    explicit pending_lines(std::size_t capacity) : half_{capacity / 2} {
        for (auto& buffer : buffers_) buffer = std::make_unique_for_overwrite<char[]>(half_);
    }

    [[nodiscard]] bool empty() const noexcept { return used_ == 0; }
    [[nodiscard]] bool is_half_full() const noexcept { return used_ * 2 >= half_; }
    // Keeps `line`, or counts it as dropped when it does not fit: then false.
    bool offer(std::string_view line, rank of) noexcept {
        const std::size_t closed = of == rank::traffic ? half_ / 8 : 0;
        if (used_ + line.size() > half_ - closed) {
            ++dropped_;
            return false;
        }
        std::memcpy(buffers_[collecting_].get() + used_, line.data(), line.size());
        used_ += line.size();
        return true;
    }

    // How many lines were dropped since this was last asked.
    [[nodiscard]] std::uint64_t take_dropped() noexcept { return std::exchange(dropped_, 0); }

    // All that was collected. It stays where it is until the next take().
    [[nodiscard]] std::string_view take() noexcept {
        const std::string_view lines{buffers_[collecting_].get(), used_};
        collecting_ = 1 - collecting_;
        used_ = 0;
        return lines;
    }

private:
    std::size_t half_;
    std::array<std::unique_ptr<char[]>, 2> buffers_;
    std::size_t collecting_{0};
    std::size_t used_{0};
    std::uint64_t dropped_{0};
};

} // namespace wxlogind
