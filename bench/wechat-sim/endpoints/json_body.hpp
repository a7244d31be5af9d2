// The JSON object that a POST carries, read as leniently as the members it is asked for allow.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace wxlogind::wechat_sim {

class json_body {
public:
    explicit json_body(std::string_view text);

    // Whether the text was one JSON object. If not, all members are missing.
    [[nodiscard]] bool is_object() const noexcept { return is_object_; }

    // Missing and of another type are the same. Views are good while this object is.
    [[nodiscard]] std::string_view text(std::string_view name) const; // "" when missing
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const; // false when missing

private:
    boost::json::object members_;
    bool is_object_{false};
};

} // namespace wxlogind::wechat_sim
