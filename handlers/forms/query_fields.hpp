// The fields of a query string, as wx.request writes them.
#pragma once

#include "core/base/errors.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::handlers {

// Names and decoded values, in order. A value that is the text "undefined" or "null" is left out: wx.request
// writes them for members that have no value.
class query_fields {
public:
    // errc::invalid_request, detail naming the field: broken percent-encoding, invalid UTF-8, over 64 fields.
    [[nodiscard]] static result<query_fields> parse(std::string_view query);

    // The value of `name`, which lives as long as this object; nullopt when missing. errc::invalid_request
    // when it is there twice.
    [[nodiscard]] result<std::optional<std::string_view>> text(std::string_view name) const;

    // errc::invalid_request when there is a field of another name. For calls to which a mistyped name would
    // say something else than was meant.
    [[nodiscard]] result<void> has_only(std::initializer_list<std::string_view> names) const;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

} // namespace wxlogind::handlers
