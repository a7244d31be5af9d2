#include "bench/wechat-sim/endpoints/json_body.hpp"

#include "core/base/async.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace wxlogind::wechat_sim {

json_body::json_body(std::string_view text) {
    error_code error;
    boost::json::value parsed = boost::json::parse(text, error);
    if (error || !parsed.is_object()) return;
    members_ = std::move(parsed.get_object());
    is_object_ = true;
}

std::string_view json_body::text(std::string_view name) const {
    const boost::json::value* found = members_.if_contains(name);
    if (found == nullptr || !found->is_string()) return "";
    return found->get_string();
}

std::optional<std::int64_t> json_body::number(std::string_view name) const {
    const boost::json::value* found = members_.if_contains(name);
    if (found == nullptr) return std::nullopt;
    error_code error;
    const auto number = found->to_number<std::int64_t>(error);
    if (error) return std::nullopt;
    return number;
}

bool json_body::flag(std::string_view name) const {
    const boost::json::value* found = members_.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

} // namespace wxlogind::wechat_sim
