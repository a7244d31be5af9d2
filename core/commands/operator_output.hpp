// A server's answers as text for eyes.
#pragma once

#include "core/commands/operator_command.hpp"
#include "core/commands/server_access.hpp"

#include <string>
#include <string_view>

namespace wxlogind {

// What stands above the rows of a list, once; "" for what is no list.
[[nodiscard]] std::string render_headings(answer_shape shape);

// Whether a server of ours may have given it.
[[nodiscard]] bool is_answer(answer_shape shape, std::string_view text);

// `answer`: JSON, as the server gave it. Of a list: its rows.
[[nodiscard]] std::string render_answer(answer_shape shape, std::string_view answer);

// Why it refused: a problem document in one line, and what helps.
[[nodiscard]] std::string render_problem(unsigned status, std::string_view answer, const server_access& from);

// What is to be done about an answer that is none to be content with; "" = nothing.
[[nodiscard]] std::string render_advice(answer_shape shape, std::string_view answer);

// Whether the work that a progress tells of goes on.
[[nodiscard]] bool is_running(std::string_view answer);

// Whether a page of a list has no rows.
[[nodiscard]] bool is_empty_page(answer_shape shape, std::string_view answer);

// "next", for the page behind this one; "" = this was the last.
[[nodiscard]] std::string next_page_of(std::string_view answer);

} // namespace wxlogind
