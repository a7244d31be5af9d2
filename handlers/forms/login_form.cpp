#include "handlers/forms/login_form.hpp"

#include "core/net/ascii.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/query_fields.hpp"

namespace wxlogind::handlers {

namespace {

using limits = login_form_limits;

// RFC 3986's unreserved characters: what every code seen in the wild is made of.
bool is_url_safe(std::string_view text) noexcept {
    constexpr net::character_class unreserved = net::alphanumeric_and("-._~");
    return net::all_in(unreserved, text);
}

result<std::string> checked_code(std::optional<std::string_view> sent) {
    if (!sent || sent->empty() || *sent == "undefined" || *sent == "null")
        return invalid_field("code", "missing; send what wx.login gave");
    if (sent->size() > limits::code) return invalid_field("code", "over 128 characters");
    if (*sent == "the code is a mock one")
        return invalid_field("code", "the developer tools' mock code; open the project with a real AppID");
    if (!is_url_safe(*sent)) return invalid_field("code", "characters that no code of wx.login has");
    return std::string{*sent};
}

result<std::string> checked_appid(std::optional<std::string_view> sent) {
    if (!sent) return std::string{};
    if (sent->size() > limits::appid) return invalid_field("appid", "over 64 characters");
    if (!is_url_safe(*sent)) return invalid_field("appid", "characters that no appid has");
    return std::string{*sent};
}

// `fields` gives texts by name: a query or a JSON object, which report their own faults.
template <class Fields>
result<login_form> read_form(const Fields& fields) {
    login_form form;

    const auto sent_code = fields.text("code");
    if (!sent_code) return sent_code.error();
    auto code = checked_code(*sent_code);
    if (!code) return code.error();
    form.code = std::move(*code);

    const auto sent_appid = fields.text("appid");
    if (!sent_appid) return sent_appid.error();
    auto appid = checked_appid(*sent_appid);
    if (!appid) return appid.error();
    form.appid = std::move(*appid);

    auto profile = read_profile(fields);
    if (!profile) return profile.error();
    form.profile = std::move(*profile);

    auto open_data = read_open_data(fields);
    if (!open_data) return open_data.error();
    if (!open_data->empty()) form.open_data = std::make_unique<open_data_form>(std::move(*open_data));
    return form;
}

} // namespace

result<login_form> parse_login_form(const net::request& incoming) {
    if (incoming.verb == net::method::get) {
        const auto fields = query_fields::parse(incoming.query);
        if (!fields) return fields.error();
        return read_form(*fields);
    }
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    return read_form(*members);
}

} // namespace wxlogind::handlers
