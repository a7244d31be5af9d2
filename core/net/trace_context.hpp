// W3C Trace Context, level 1: who called says in "traceparent" to which trace a request belongs.
// https://www.w3.org/TR/trace-context/
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::net {

// Views into the field's value.
struct trace_parent {
    std::string_view trace_id; // 32 hexadecimal digits in lower case, not all zero
    std::string_view span_id;  // 16, likewise: the caller's
    std::string_view flags;    // 2
};

// nullopt for whatever the standard does not take (section 3.2): a trace begins anew then, which here means
// that there is none. A version that is not known yet is read as 00 if it begins like it.
[[nodiscard]] std::optional<trace_parent> parse_trace_parent(std::string_view value) noexcept;

// "00-TRACE-SPAN-FLAGS".
using trace_text = std::array<char, 55>;

// What an answer tells: the trace of `caller`, and `span` (16 digits) for what was done here.
[[nodiscard]] trace_text make_trace_text(const trace_parent& caller, std::string_view span) noexcept;

[[nodiscard]] inline std::string_view trace_id_in(const trace_text& text) noexcept {
    return {text.data() + 3, 32};
}

// The line of a request's head that passes `traceparent` on; nothing where that is empty.
inline void append_trace_field(std::string& head, std::string_view traceparent) {
    if (!traceparent.empty()) head.append("traceparent: ").append(traceparent).append("\r\n");
}

} // namespace wxlogind::net
