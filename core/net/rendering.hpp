// A response as bytes: one buffer, written with one system call.
#pragma once

#include "core/net/http.hpp"

#include <array>
#include <ctime>
#include <string>
#include <string_view>

namespace wxlogind::net {

// What the connection knows about a response and the handler does not.
struct rendering {
    std::string_view date;       // an IMF-fixdate
    std::string_view request_id; // [A-Za-z0-9._-]{1,64}
    std::string_view trace{};    // the value of "traceresponse"; empty = none
    bool omits_body{false};      // the answer to HEAD: Content-Length tells the body's size, and none is sent
    bool closes{false};          // Connection: close
    bool is_http_1_0{false};     // a connection that lives on has to be announced
};

// Appends `answer` to `out`. 1xx, 204 and 304 have neither body nor Content-Length (RFC 9110 §8.6); a status
// that is no final one becomes 500. A field whose value holds CR, LF or NUL, and a content type likewise, is
// left out. Throws std::bad_alloc at most.
void render(const response& answer, const rendering& how, std::string& out);

[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

// The Date field's value, made anew once a second. Not thread-safe: one a reactor.
class http_date {
public:
    // RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". Good until the next call.
    [[nodiscard]] std::string_view at(std::time_t now) noexcept;

private:
    std::time_t second_ = -1;
    std::array<char, 29> text_{};
};

} // namespace wxlogind::net
