// What has to hold for every sequence of bytes that the strict reader is given. Shared by the fuzzer and by
// the test that replays its corpus.
#pragma once

#include "core/net/http_reader.hpp"

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wxlogind::test {

inline void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error{what};
}

// What became of one message, to be compared.
struct reader_verdict {
    net::http_reader::reading step{};
    errc code{};
    std::size_t size{0};
    std::string target{};
    std::string body{};
    bool operator==(const reader_verdict&) const = default;
};

inline void check_request(net::http_reader& reader, std::string_view bytes, const net::http_limits& limits) {
    const net::request& got = reader.incoming();
    const auto is_within = [&](std::string_view view) {
        return view.empty() ||
               (view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size());
    };
    require(reader.message_size() <= bytes.size(), "the message ends behind the bytes");
    require(got.body.size() <= limits.max_body_bytes, "the body is over the limit");
    require(got.target.size() <= limits.max_target_bytes, "the target is over the limit");
    require(got.fields.size() <= limits.max_fields, "there are too many fields");
    require(is_within(got.target) && is_within(got.body) && is_within(got.path), "a view points elsewhere");
    require(got.target.starts_with('/') || got.target == "*", "the target is in no known form");
    for (const char c : got.target)
        require(c > ' ' && c < '\x7f' && c != '#', "the target holds a wrong character");
    for (const net::header_field& field : got.fields) {
        require(is_within(field.name) && is_within(field.value), "a field points elsewhere");
        require(!field.name.empty(), "a field has no name");
        for (const char c : field.value)
            require(c != '\r' && c != '\n' && c != '\0', "a value holds a line end or NUL");
    }
    require(got.count("transfer-encoding") == 0, "there is a transfer coding");
    require(got.count("host") <= 1, "there are two Host fields");
    require(got.count("content-length") <= 1, "there are two Content-Length fields");
    const auto length = got.header("content-length");
    require(!length || std::stoul(std::string{*length}) == got.body.size(), "the body has another length");
}

// Gives the reader `bytes`, first those before `split` when there is a split.
inline reader_verdict verdict_on(std::string_view bytes, std::size_t split, const net::http_limits& limits) {
    using reading = net::http_reader::reading;
    net::http_reader reader{limits};
    for (const std::size_t size : {split, bytes.size()}) {
        // Of exactly that size, so that a look beyond is seen by the sanitizer.
        const std::string received{bytes.substr(0, size)};
        reading step = reader.read(received);
        if (step == reading::owes_continue) {
            step = reader.read(received);
            require(step == reading::needs_bytes, "a continuation is owed for nothing");
        }
        if (step == reading::needs_bytes) {
            require(reader.wanted_size() > size, "it wants more and no larger buffer");
            require(
                reader.wanted_size() <= 2 + limits.max_header_bytes + limits.max_body_bytes,
                "it wants an unbounded buffer");
            if (size == bytes.size()) return {step};
            continue;
        }
        if (step == reading::is_refused) return {step, reader.why().code};
        check_request(reader, received, limits);
        const net::request& got = reader.incoming();
        return {step, errc{}, reader.message_size(), std::string{got.target}, std::string{got.body}};
    }
    return {};
}

// Throws std::logic_error for what must not be. `bytes` read whole and read in two pieces have to come to the
// same; the place of the split is taken from the bytes themselves.
inline void check_reader(std::string_view bytes) {
    net::http_limits limits;
    const reader_verdict whole = verdict_on(bytes, bytes.size(), limits);
    std::size_t sum = bytes.size();
    for (const char c : bytes) sum = sum * 31 + static_cast<unsigned char>(c);
    if (bytes.empty()) return;
    for (const std::size_t split :
         {sum % bytes.size(), (sum / bytes.size()) % bytes.size(), bytes.size() - 1})
        require(verdict_on(bytes, split, limits) == whole, "the place of a split matters");
}

} // namespace wxlogind::test
