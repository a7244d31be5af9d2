// Bytes that must not be seen: they cannot be printed or logged, and are wiped when they go.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace wxlogind {

class secret {
public:
    secret() = default;
    explicit secret(std::string bytes) : bytes_{std::move(bytes)} {}
    explicit secret(std::string_view bytes) : bytes_{bytes} {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept : bytes_{std::move(other.bytes_)} { other.wipe(); }
    secret& operator=(const secret& other) {
        if (this != &other) {
            wipe();
            bytes_ = other.bytes_;
        }
        return *this;
    }
    secret& operator=(secret&& other) noexcept {
        if (this != &other) {
            wipe();
            bytes_ = std::move(other.bytes_);
            other.wipe();
        }
        return *this;
    }
    ~secret() { wipe(); }

    // The one way out, easy to search for in review.
    [[nodiscard]] std::string_view reveal() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

private:
    // The whole capacity: a short string that was moved from, or a longer one before, leaves its bytes there.
    void wipe() noexcept {
        bytes_.assign(bytes_.capacity(), '\0');
        // The compiler has to believe that somebody reads the zeros.
        __asm__ __volatile__("" : : "r"(bytes_.data()) : "memory");
        bytes_.clear();
    }
    std::string bytes_;
};

} // namespace wxlogind
