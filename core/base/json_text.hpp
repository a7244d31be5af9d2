// Writing JSON by appending to a string: what we send is small and its shape is fixed.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind {

// Appends `utf8` as a JSON string, quotes included (RFC 8259 section 7). The text has to be well-formed
// UTF-8; it is written as it is, but for what must be escaped.
void append_json_string(std::string& to, std::string_view utf8);

} // namespace wxlogind
