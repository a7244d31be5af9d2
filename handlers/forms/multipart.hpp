// One file out of a multipart/form-data body (RFC 7578), as wx.uploadFile sends it.
#pragma once

#include "core/base/errors.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace wxlogind::handlers {

// The boundary in a Content-Type. errc::unsupported_media_type: another type than multipart/form-data;
// errc::invalid_request: no boundary, or none that can be one (RFC 2046 section 5.1.1).
[[nodiscard]] result<std::string> multipart_boundary(std::string_view content_type);

// Reads a body piece by piece, however it is cut, and gives what the part of one name holds; other parts are
// skipped. Strict: no preamble, no epilogue, no padding behind a boundary, no transfer encodings, no nested
// parts; at most 16 parts, each with a header of at most 2 KiB.
class multipart_reader {
public:
    // `boundary` as multipart_boundary gives it; `name` of the part that is wanted, a literal.
    multipart_reader(std::string_view boundary, std::string_view name);

    // Appends to `wanted` what `piece` brings of the part: all of it but the last few bytes, which may belong
    // to a boundary. errc::invalid_request, detail naming the part or the body: no more may be fed then.
    [[nodiscard]] result<void> feed(std::string_view piece, std::string& wanted);

    // After the last piece. errc::invalid_request: the body was cut off, or the part is not there.
    [[nodiscard]] result<void> finish() const;

private:
    enum class place : unsigned char {
        beginning,
        behind_boundary,
        header,
        content,
        end,
    };
    // One step with what is there. False: more bytes are needed.
    result<bool> read_on(std::string& wanted);
    result<bool> read_beginning();
    result<bool> read_behind_boundary();
    result<bool> read_header();
    bool read_content(std::string& wanted);
    result<bool> read_end() const;
    [[nodiscard]] result<void> check_header(std::string_view lines);
    [[nodiscard]] result<void> begin_part(std::string_view disposition);
    [[nodiscard]] std::string_view unread() const noexcept { return std::string_view{buffer_}.substr(read_); }

    const std::string delimiter_; // CRLF, two hyphens, the boundary
    const std::string_view name_;
    std::string buffer_;
    std::size_t read_{0}; // of buffer_
    place place_{place::beginning};
    std::size_t parts_{0};
    bool is_wanted_{false};
    bool was_there_{false};
};

} // namespace wxlogind::handlers
