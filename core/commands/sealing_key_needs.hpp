// Whether a sealing key may go: nothing in the database is sealed by it any more.
#pragma once

#include "core/base/config.hpp"

#include <string>

namespace wxlogind {

// Lets the server seal again what `key` ("sealing:N") has sealed, and count what is left: the one that runs,
// or one in this process. Throws std::runtime_error, with what to do, when something is left, or when the
// server does not seal with `newest` yet. With `even_if_damaged`, values that do not open with it either may
// be left.
void see_that_nothing_needs(
    const std::string& key, const std::string& newest, bool even_if_damaged, const config& settings,
    const std::string& service_key_file);

} // namespace wxlogind
