#include "bench/wechat-sim/control/fields.hpp"

#include "bench/wechat-sim/control/control_api.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
    throw bad_order{"\"" + std::string{name} + "\" has to be " + std::string{what}};
}

} // namespace

std::optional<std::string> text_field(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_string()) refuse(name, "a string");
    return std::string{found->get_string()};
}

std::optional<bool> bool_field(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_bool()) refuse(name, "true or false");
    return found->get_bool();
}

std::optional<std::int64_t>
number_field(const json::object& from, std::string_view name, std::int64_t least, std::int64_t most) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr) return std::nullopt;
    error_code error;
    const auto number = found->to_number<std::int64_t>(error);
    if (error || number < least || number > most)
        refuse(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return number;
}

std::optional<double> fraction_field(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr) return std::nullopt;
    error_code error;
    const auto number = found->to_number<double>(error);
    if (error || !(number >= 0.0 && number <= 1.0)) refuse(name, "a number from 0 to 1");
    return number;
}

std::optional<std::vector<std::string>> texts_field(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_array()) refuse(name, "an array of strings");
    std::vector<std::string> texts;
    for (const json::value& each : found->get_array()) {
        if (!each.is_string()) refuse(name, "an array of strings");
        texts.emplace_back(each.get_string());
    }
    return texts;
}

std::string required_text(const json::object& from, std::string_view name) {
    auto found = text_field(from, name);
    if (!found || found->empty()) throw bad_order{"\"" + std::string{name} + "\" is missing"};
    return *std::move(found);
}

void refuse_unknown(const json::object& from, std::span<const std::string_view> known) {
    for (const auto& member : from)
        if (std::ranges::find(known, std::string_view{member.key()}) == known.end())
            throw bad_order{"\"" + std::string{member.key()} + "\" is not known here"};
}

} // namespace wxlogind::wechat_sim
