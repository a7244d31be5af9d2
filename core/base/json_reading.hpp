// Reading JSON objects that come from outside, strictly: RFC 8259, one object and nothing behind it,
// well-formed UTF-8 without lone surrogates, no member twice in any object, at most 64 members in one and
// 32 levels.
//
//     json_document body{"body"};
//     const auto members = body.read(text);
//     if (!members) return members.error();
//     const auto code = members->text("code");
//     if (!code) return code.error();
//     if (!*code) return failure{errc::invalid_request, "code: missing"};
#pragma once

#include "core/base/errors.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wxlogind {

// The members of one object. A view: it lives as long as its json_document does and reads nothing else.
//
// Every reader gives nullopt for a member that is absent or null, and errc::invalid_request, with the
// member's name in the detail, for one of another type.
class json_members {
public:
    // `document` starts the details.
    json_members(std::string_view document, const boost::json::object& members) noexcept
        : document_{document}, members_{&members} {}

    [[nodiscard]] result<std::optional<std::string_view>> text(std::string_view name) const;
    // 1.0 and 1e3 are no integers here.
    [[nodiscard]] result<std::optional<std::int64_t>> integer(std::string_view name) const;
    [[nodiscard]] result<std::optional<bool>> flag(std::string_view name) const;
    [[nodiscard]] result<std::optional<json_members>> object(std::string_view name) const;
    // It is there, and null: for the calls to which that says something else than leaving it out.
    [[nodiscard]] bool is_null(std::string_view name) const noexcept;

private:
    [[nodiscard]] const boost::json::value* find(std::string_view name) const noexcept;
    [[nodiscard]] failure not_a(std::string_view type, std::string_view name) const;

    std::string_view document_;
    const boost::json::object* members_;
};

// What a text was read into. 3 KiB: for the stack of a function, not for a coroutine's frame. A body of
// usual size (some 500 bytes, ten members) costs no allocation.
class json_document {
public:
    // `name` says in details which text is meant ("body"); a literal.
    explicit json_document(std::string_view name) noexcept : name_{name} {}
    json_document(const json_document&) = delete;
    json_document& operator=(const json_document&) = delete;

    // Once per document. errc::invalid_request: "body: not JSON", "body: not an object", "body: nested too
    // deeply", "body: too many members", "body: duplicate member \"code\"".
    [[nodiscard]] result<json_members> read(std::string_view text);

private:
    std::string_view name_;
    std::array<unsigned char, 3072> buffer_;
    boost::json::monotonic_resource memory_{buffer_.data(), buffer_.size()};
    boost::json::value root_;
};

} // namespace wxlogind
