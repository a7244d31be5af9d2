// A picture that becomes shorter in place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace wxlogind::handlers {

// Walks over a text once, and moves together what is kept. Nothing is kept beyond what was walked over.
class picture_parts {
public:
    explicit picture_parts(std::string& text) noexcept : text_{text} {}

    // What has not been walked over.
    [[nodiscard]] std::string_view rest() const noexcept { return std::string_view{text_}.substr(read_); }

    // At most what rest() has.
    void drop(std::size_t bytes) noexcept { read_ += bytes; }
    void keep(std::size_t bytes) noexcept {
        std::memmove(text_.data() + written_, text_.data() + read_, bytes);
        read_ += bytes;
        written_ += bytes;
    }
    // In place of what was dropped, which was as much at least.
    void write(std::string_view bytes) noexcept {
        std::copy(bytes.begin(), bytes.end(), text_.begin() + static_cast<std::ptrdiff_t>(written_));
        written_ += bytes.size();
    }

    // How much was kept so far; the places before it can be written to.
    [[nodiscard]] std::size_t kept() const noexcept { return written_; }
    // The rest goes.
    void finish() { text_.resize(written_); }

private:
    std::string& text_;
    std::size_t read_{0};
    std::size_t written_{0};
};

} // namespace wxlogind::handlers
