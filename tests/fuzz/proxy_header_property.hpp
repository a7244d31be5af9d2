// What has to hold for every sequence of bytes at the beginning of a proxy's connection.
#pragma once

#include "core/net/proxy_header.hpp"
#include "tests/fuzz/property.hpp"

#include <string>
#include <string_view>

namespace wxlogind::test {

// Throws std::logic_error for what must not be.
inline void check_proxy_header(std::string_view bytes) {
    using reading = net::proxy_header::reading;
    const auto outcome_of = [](std::string_view some) {
        // Of exactly that size, so that a look beyond is seen by the sanitizer.
        return net::read_proxy_header(std::string{some});
    };
    const net::proxy_header whole = outcome_of(bytes);
    if (whole.step == reading::needs_bytes)
        must_hold(bytes.size() < net::longest_proxy_header, "it waits for more than a header has");
    if (whole.step == reading::is_there) {
        must_hold(whole.size <= bytes.size(), "the header ends behind the bytes");
        must_hold(whole.size <= net::longest_proxy_header, "the header is too long");
        must_hold(
            outcome_of(bytes.substr(0, whole.size)).client == whole.client, "what comes behind it matters");
        must_hold(
            outcome_of(bytes.substr(0, whole.size - 1)).step == reading::needs_bytes,
            "a part of it is enough");
    } else {
        must_hold(!whole.client, "it names a client without a header");
    }
    // However it comes in pieces: none is wrong or enough before the whole is.
    for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 256); ++size) {
        const net::proxy_header part = outcome_of(bytes.substr(0, size));
        if (part.step == reading::is_wrong)
            must_hold(whole.step == reading::is_wrong, "more bytes make it right");
        if (part.step == reading::is_there)
            must_hold(whole.step == reading::is_there && whole.size == part.size, "more bytes change it");
    }
}

} // namespace wxlogind::test
