// What the audit log keeps of a merge, so that it can be undone: numbers and names of fields, nothing that
// tells who somebody is.
#pragma once

#include "core/base/user_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::storage {

struct merge_note {
    user_id merged;
    std::vector<std::int64_t> identities; // that followed
    std::vector<std::string> taken_over;  // the columns that the survivor lacked
    std::vector<std::string> set_aside;   // those of which it kept its own, and the others are kept as well
};

// "ID identities=3,17 taken=nick_name,city aside=phone"; without the last where nothing was.
[[nodiscard]] std::string to_string(const merge_note& note);
// nullopt: to_string did not write it.
[[nodiscard]] std::optional<merge_note> parse_merge_note(std::string_view text);

} // namespace wxlogind::storage
