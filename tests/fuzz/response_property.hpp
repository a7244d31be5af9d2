// A response reads the same however it is cut into pieces, within its limits, and never throws.
#pragma once

#include "core/net/response_reader.hpp"
#include "tests/fuzz/property.hpp"

namespace wxlogind::test {

struct read_response {
    net::response_reader::progress how{net::response_reader::progress::more};
    unsigned status{0};
    std::string body{};
    bool operator==(const read_response&) const = default;
};

inline read_response read_in_pieces(std::string_view bytes, std::size_t piece, std::size_t max_body) {
    using progress = net::response_reader::progress;
    net::response_reader reader{max_body};
    reader.reset();
    read_response seen;
    for (std::size_t at = 0; at < bytes.size() && seen.how == progress::more; at += piece)
        seen.how = reader.feed(bytes.substr(at, piece));
    if (seen.how == progress::more) seen.how = reader.finish();
    if (seen.how != progress::whole) return seen;
    seen.status = reader.status();
    seen.body = reader.take_body();
    return seen;
}

inline void check_response(std::string_view bytes) {
    constexpr std::size_t max_body = 256;
    const read_response at_once = read_in_pieces(bytes, bytes.size() + 1, max_body);
    must_hold(at_once.body.size() <= max_body, "a body is over the limit");
    must_hold(read_in_pieces(bytes, 1, max_body) == at_once, "single bytes read differently");
    must_hold(read_in_pieces(bytes, 7, max_body) == at_once, "pieces read differently");
}

} // namespace wxlogind::test
