// Reading the members of an order's JSON, with errors that name the member.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat_sim {

// All throw bad_order when the member is there and is not what it should be; nullopt = it is not there.
[[nodiscard]] std::optional<std::string> text_field(const boost::json::object& from, std::string_view name);
[[nodiscard]] std::optional<bool> bool_field(const boost::json::object& from, std::string_view name);
[[nodiscard]] std::optional<std::int64_t>
number_field(const boost::json::object& from, std::string_view name, std::int64_t least, std::int64_t most);
[[nodiscard]] std::optional<double>
fraction_field(const boost::json::object& from, std::string_view name); // 0 to 1
[[nodiscard]] std::optional<std::vector<std::string>>
texts_field(const boost::json::object& from, std::string_view name);

// Throws bad_order when it is missing or empty.
[[nodiscard]] std::string required_text(const boost::json::object& from, std::string_view name);

// Throws bad_order naming the first member that is not in `known`: misspelt orders do not pass for done.
void refuse_unknown(const boost::json::object& from, std::span<const std::string_view> known);

} // namespace wxlogind::wechat_sim
