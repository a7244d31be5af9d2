#include "bench/load/scenario/request_text.hpp"

#include "bench/load/users/login_codes.hpp"

#include <stdexcept>

namespace wxlogind::load {

namespace {

constexpr std::string_view code_place = "{code}";
// Stands where the code goes until there is one. In no other part of a request.
const std::string mark(login_codes::size, '\x01');

void append_fields(std::string& to, const request_style& style) {
    to += " HTTP/1.1\r\nHost: " + style.host + "\r\n";
    // wx.request sends it with every request, a GET too.
    to += "Content-Type: application/json\r\n";
    if (!style.appid.empty())
        to += "Referer: https://servicewechat.com/" + style.appid + "/1/page-frame.html\r\n";
    for (const std::string& field : style.fields) to += field + "\r\n";
    if (style.closes) to += "Connection: close\r\n";
}

} // namespace

std::string get_request(const request_style& style, std::string_view target, std::string_view bearer) {
    std::string text = "GET ";
    text += target;
    append_fields(text, style);
    if (!bearer.empty()) text.append("Authorization: Bearer ").append(bearer).append("\r\n");
    return text += "\r\n";
}

std::string post_request(const request_style& style, std::string_view target, std::string_view json) {
    std::string text = "POST ";
    text += target;
    append_fields(text, style);
    text += "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n";
    return text.append(json);
}

code_request::code_request(std::string text) : text_{std::move(text)}, code_at_{text_.find(mark)} {}

code_request code_request::by_get(const request_style& style, std::string target) {
    const std::size_t place = target.find(code_place);
    if (place == std::string::npos)
        throw std::runtime_error{"the login's path \"" + target + "\" has no {code} in it"};
    target.replace(place, code_place.size(), mark);
    return code_request{get_request(style, target)};
}

code_request code_request::by_post(const request_style& style, std::string_view target) {
    return code_request{post_request(style, target, R"({"code":")" + mark + R"("})")};
}

} // namespace wxlogind::load
