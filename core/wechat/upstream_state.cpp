#include "core/wechat/wechat_api.hpp"

namespace wxlogind::wechat {

std::string_view to_string(upstream_state state) noexcept {
    switch (state) {
    case upstream_state::untried: return "untried";
    case upstream_state::up: return "up";
    case upstream_state::failing: return "failing";
    case upstream_state::breaker_open: return "breaker_open";
    }
    return "unknown";
}

} // namespace wxlogind::wechat
