// A login form that is taken keeps its bounds, and one that is refused names what is wrong with it.
#pragma once

#include "core/base/encoding.hpp"
#include "handlers/forms/login_form.hpp"
#include "tests/fuzz/property.hpp"

namespace wxlogind::test {

inline void must_be_a_text(const std::optional<std::string>& text, std::size_t most) {
    if (!text) return;
    must_hold(!text->empty() && is_utf8(*text) && count_characters(*text) <= most, "a text is out of bounds");
}

// The first byte chooses: 'q' a query, else the body of a POST.
inline void check_login_form(std::string_view text) {
    using limits = handlers::login_form_limits;
    if (text.empty()) return;
    net::request incoming;
    const bool is_query = text.front() == 'q';
    incoming.verb = is_query ? net::method::get : net::method::post;
    incoming.content_type = "application/json";
    (is_query ? incoming.query : incoming.body) = text.substr(1);

    const auto form = handlers::parse_login_form(incoming);
    if (!form) {
        const failure& why = form.error();
        must_hold(why.code == errc::invalid_request, "a refusal is of another kind");
        must_hold(
            why.detail.find(": ") != std::string::npos && is_utf8(why.detail), "a refusal names nothing");
        return;
    }
    must_hold(!form->code.empty() && form->code.size() <= limits::code, "a code is out of bounds");
    must_hold(form->appid.size() <= limits::appid, "an appid is out of bounds");
    must_be_a_text(form->profile.nick_name, limits::nick_name);
    must_be_a_text(form->profile.avatar_url, limits::avatar_url);
    must_be_a_text(form->profile.country, limits::place);
    must_be_a_text(form->profile.province, limits::place);
    must_be_a_text(form->profile.city, limits::place);
    must_be_a_text(form->profile.language, limits::language);
    must_hold(
        !form->profile.gender || (*form->profile.gender >= 0 && *form->profile.gender <= 2), "no gender");
}

} // namespace wxlogind::test
