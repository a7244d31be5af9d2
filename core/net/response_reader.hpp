// One HTTP/1.1 response, from the bytes of a connection. Bounded in everything, and no exception leaves it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::net {

struct response_field {
    std::string name; // as it was asked for
    std::string value;
};

// Reads what answers one GET. The header block is Beast's parser's business; the body's framing is done here,
// because the chunk parser of Boost 1.81 has assertions and unbounded trailers. Interim responses (1xx) are
// skipped, a few of them. Pure.
class response_reader {
public:
    enum class progress : unsigned char {
        more,      // not whole yet
        whole,     // here it is
        malformed, // not HTTP/1.x, contradictory, or over a limit
    };

    static constexpr std::size_t max_header_bytes = 16 * 1024;  // of each header block
    static constexpr std::size_t max_framing_bytes = 16 * 1024; // chunk sizes, extensions, trailers
    static constexpr unsigned max_interim = 4;

    explicit response_reader(std::size_t max_body);
    ~response_reader();
    response_reader(const response_reader&) = delete;
    response_reader& operator=(const response_reader&) = delete;

    // For the next response, of whose fields those with these names are kept, in whatever case they come.
    // The names have to stay until the response is whole.
    void reset(std::span<const std::string_view> wanted_fields = {});

    // Takes the next bytes. After whole or malformed it takes nothing more.
    progress feed(std::string_view bytes);

    // The peer has said that nothing more comes. Whole only for a response whose body ends like that.
    progress finish();

    // What follows is known once the response is whole.
    [[nodiscard]] unsigned status() const noexcept;
    [[nodiscard]] std::string take_body() noexcept;
    // Of the final response, in their order; one that came twice is there twice.
    [[nodiscard]] std::vector<response_field> take_fields() noexcept;
    // The connection may carry another exchange: it was not told to close, the end of the body is known, and
    // no byte came after it.
    [[nodiscard]] bool is_reusable() const noexcept;

private:
    class header_block;
    enum class stage : unsigned char {
        header,
        sized_body,
        body_to_end,
        chunk_size, // the line before a chunk
        chunk_bytes,
        chunk_end, // the empty line after it
        trailer,
        whole,
        malformed,
    };

    // Each takes what it can from the front of `bytes` and says how it goes on.
    stage take(std::string_view& bytes);
    stage take_header(std::string_view& bytes);
    stage take_body(std::string_view& bytes);
    stage take_line(std::string_view& bytes);
    stage after_header();
    stage after_line(std::string_view line);

    const std::size_t max_body_;
    std::unique_ptr<header_block> header_;
    std::string body_{};
    std::string unread_{};     // of the header block, or of a line of the chunk framing
    std::size_t remaining_{0}; // of the body, or of the chunk
    std::size_t header_bytes_{0};
    std::size_t framing_bytes_{0}; // of chunk sizes, extensions and trailers
    unsigned interim_{0};
    stage stage_{stage::header};
    bool keeps_alive_{false};
    bool has_surplus_{false};
};

} // namespace wxlogind::net
