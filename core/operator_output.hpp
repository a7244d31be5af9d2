// A server's answers as text for eyes.
#pragma once

#include "core/operator_command.hpp"

#include <string>
#include <string_view>

namespace wxlogind {

// What stands above the rows of a list, once; "" for what is no list.
[[nodiscard]] std::string render_headings(answer_shape shape);

// `answer`: JSON, as the server gave it. Of a list: its rows.
[[nodiscard]] std::string render_answer(answer_shape shape, std::string_view answer);

// Why it refused: a problem document in one line.
[[nodiscard]] std::string render_problem(unsigned status, std::string_view answer);

// Whether the work that a progress tells of goes on.
[[nodiscard]] bool is_running(std::string_view answer);

// Whether a page of a list has no rows.
[[nodiscard]] bool is_empty_page(answer_shape shape, std::string_view answer);

// "next", for the page behind this one; "" = this was the last.
[[nodiscard]] std::string next_page_of(std::string_view answer);

} // namespace wxlogind
