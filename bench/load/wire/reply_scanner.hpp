// As much of an HTTP/1.1 response as a load harness has to know, found in place.
#pragma once

#include <cstddef>
#include <string_view>

namespace wxlogind::load {

struct scanned_reply {
    enum class state : unsigned char {
        incomplete,
        whole,
        malformed, // not a response, or framed in a way that is not read here (chunked, until the end)
    };

    state is{state::incomplete};
    bool closes{false}; // the server will close the connection
    unsigned status{0};
    std::size_t size{0}; // of the whole, body included; known once the head is there
    std::string_view body{};
};

// Looks at the bytes that came since the request was sent. When more come, scan all of them again. Interim
// responses (1xx) are passed over.
[[nodiscard]] scanned_reply scan_reply(std::string_view bytes) noexcept;

// The text of the string member `name` (with its quotes: "\"code\"") of a JSON object, as it stands there,
// escapes and all; "" when there is none. Takes the first such name at any depth: good enough for what the
// servers under test write.
[[nodiscard]] std::string_view text_member(std::string_view json, std::string_view quoted_name) noexcept;

} // namespace wxlogind::load
