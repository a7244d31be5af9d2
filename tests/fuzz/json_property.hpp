// What json_document reads, Boost.JSON reads too, and to the same members.
#pragma once

#include "core/base/json_reading.hpp"
#include "tests/fuzz/property.hpp"

#include <boost/json/parse.hpp>

namespace wxlogind::test {

inline void check_json(std::string_view text) {
    json_document body{"body"};
    const auto members = body.read(text);
    if (!members) {
        must_hold(members.error().code == errc::invalid_request, "a refusal has another code");
        must_hold(members.error().detail.starts_with("body: "), "a refusal does not say of what");
        return;
    }
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    must_hold(!error && value.is_object(), "a text is read that is no object");
    for (const auto& [name, member] : value.get_object()) {
        const auto read = members->text(name);
        must_hold(read.has_value() == (member.is_string() || member.is_null()), "a text has another type");
        if (member.is_string()) must_hold(read->value() == member.get_string(), "a text differs");
        const auto number = members->integer(name);
        must_hold(number.has_value() == (member.is_int64() || member.is_null()), "a number has another type");
        if (member.is_int64()) must_hold(number->value() == member.get_int64(), "a number differs");
    }
}

} // namespace wxlogind::test
