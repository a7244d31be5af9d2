// What a connection has received and not yet served: contiguous, bounded, and small while nothing goes on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace wxlogind::net {

// Not thread-safe.
class receive_buffer {
public:
    // What an idle connection keeps. Two logins fit; a larger request takes a larger block for its time.
    static constexpr std::size_t small_size = 4096;

    [[nodiscard]] std::string_view unread() const noexcept { return {block_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    // Room behind unread(), at least one byte. A block that is full of one unfinished message is exchanged
    // for one that holds `message_size` bytes. May move the bytes. Throws std::bad_alloc.
    [[nodiscard]] std::span<char> room_for(std::size_t message_size) {
        if (begin_ == end_) begin_ = end_ = 0;
        if (end_ == size_) {
            if (begin_ > 0)
                move_to_front();
            else
                change_block(size_ < small_size ? small_size : std::max(message_size, size_ + 1));
        }
        return {block_.get() + end_, size_ - end_};
    }

    void received(std::size_t bytes) noexcept { end_ += bytes; }
    void consume(std::size_t bytes) noexcept { begin_ += bytes; }

    // Gives a large block back, when what is unread allows.
    void shrink() {
        if (size_ <= small_size || end_ - begin_ > small_size) return;
        change_block(small_size);
    }

private:
    void move_to_front() noexcept {
        std::memmove(block_.get(), block_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }

    void change_block(std::size_t size) {
        auto other = std::make_unique_for_overwrite<char[]>(size);
        const std::size_t kept = end_ - begin_;
        if (kept > 0) std::memcpy(other.get(), block_.get() + begin_, kept);
        block_ = std::move(other);
        size_ = size;
        begin_ = 0;
        end_ = kept;
    }

    std::unique_ptr<char[]> block_;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace wxlogind::net
