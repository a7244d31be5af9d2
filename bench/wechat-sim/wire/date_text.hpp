// The Date field's value (RFC 9110 section 5.6.7), rendered once a second.
#pragma once

#include "core/base/clock.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// One thread.
class date_text {
public:
    // Good until the next call.
    std::string_view at(unix_millis now);

private:
    unix_seconds rendered_{unix_seconds::min()};
    std::string text_;
};

} // namespace wxlogind::wechat_sim
