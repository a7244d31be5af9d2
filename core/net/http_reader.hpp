// The strict reader: bytes in; out come "more", a request, or a refusal. No I/O, no clock.
//
// The header block is found by lines as bytes arrive, held to the grammar (http_head.hpp) once it is whole,
// and only then given to Beast's parser, which takes it apart. Beast never sees a body: there is no chunked
// coding here, and a body of known length needs no parser.
#pragma once

#include "core/net/http_head.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::net {

// Reads one request after the other. The reactor's thread only. Nothing here throws.
class http_reader {
public:
    enum class reading : std::uint8_t {
        needs_bytes,
        owes_continue, // send "100 Continue" and go on: the client holds the body back until then
        has_request,   // incoming() is good
        has_long_head, // the same, without a body: that is longer than max_body_bytes, and none of it was
                       // read
        is_refused,    // why() tells; nothing after it can be trusted, so the connection has to end
    };

    explicit http_reader(const http_limits& limits) noexcept : limits_{limits} {}

    // For the requests that begin from now on: between two of them alone.
    void keep_to(const http_limits& limits) noexcept { limits_ = limits; }

    // Looks at `received`: all bytes from the end of the last request on. Call it again with more, from the
    // same first byte; the bytes may lie elsewhere by then. No byte is looked at twice before the header is
    // whole, however it arrives.
    [[nodiscard]] reading read(std::string_view received) noexcept;

    // The request; its views point into what read() was last given. request_id, client, is_internal, home
    // and socket are the caller's to fill in. Good until next().
    [[nodiscard]] request& incoming() noexcept { return incoming_; }
    [[nodiscard]] const failure& why() const noexcept { return why_; }

    // After has_long_head, when nobody takes the body: is_refused from now on.
    void refuse_long_body() noexcept { (void)refuse(errc::content_too_large); }

    // How many bytes the message takes of `received`.
    [[nodiscard]] std::size_t message_size() const noexcept { return start_ + head_size_ + body_size_; }
    [[nodiscard]] std::size_t head_end() const noexcept { return start_ + head_size_; }
    [[nodiscard]] std::size_t body_size() const noexcept { return body_size_; }
    [[nodiscard]] bool has_long_body() const noexcept { return body_size_ > limits_.max_body_bytes; }
    // How many bytes `received` may have to hold before read() has its answer.
    [[nodiscard]] std::size_t wanted_size() const noexcept {
        return has_head() ? message_size() : start_ + limits_.max_header_bytes;
    }
    // Whether a byte of the request is there; an empty line before it does not count.
    [[nodiscard]] bool has_begun() const noexcept { return scanned_ > start_; }
    [[nodiscard]] bool has_head() const noexcept { return head_size_ > 0; }
    // Of the request: whether the client lets the connection live, and whether it has to be told so.
    [[nodiscard]] bool keeps_alive() const noexcept { return keeps_alive_; }
    [[nodiscard]] bool is_http_1_0() const noexcept { return facts_.is_http_1_0; }
    // Of a long body, of which nothing has come: it is held back until the client is told to go on.
    [[nodiscard]] bool owes_continue() const noexcept {
        return facts_.expects_continue && !facts_.is_http_1_0;
    }

    // Starts over, for the request that follows. What a large request has allocated is given back.
    void next() noexcept;

private:
    reading refuse(failure why) noexcept;
    reading read_head(std::string_view received);
    reading scan_lines(std::string_view received);
    reading parse(std::string_view received);
    void set_content_type();

    http_limits limits_;
    std::size_t start_ = 0;      // where the request line begins: 0, or 2 after an empty line
    std::size_t scanned_ = 0;    // up to here the lines have been found
    std::size_t line_start_ = 0; // of the line that is not whole yet
    std::size_t lines_ = 0;      // whole ones
    std::size_t head_size_ = 0;  // 0 = not whole yet
    std::size_t body_size_ = 0;
    bool has_continued_ = false;
    bool is_refused_ = false;
    bool keeps_alive_ = false;
    head_facts facts_;
    request incoming_;
    std::vector<header_field> fields_; // reused from request to request
    std::string media_type_;           // only for one that has to be put in lower case
    failure why_;
};

} // namespace wxlogind::net
