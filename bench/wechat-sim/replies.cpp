#include "bench/wechat-sim/replies.hpp"

#include "bench/wechat-sim/world/errcodes.hpp"

#include <array>
#include <charconv>

namespace wxlogind::wechat_sim {

namespace {

void append_number(std::string& to, std::int64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), end);
}

void append_hex(std::string& to, std::uint32_t number) {
    static constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 28; shift >= 0; shift -= 4) to += digits[(number >> shift) & 15];
}

// Sixteen characters, as the req_id of old answers.
void append_req_id(std::string& to, const request_id& id) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    generator numbers{(std::uint64_t{id.first} << 32) | id.second};
    for (int index = 0; index < 16; ++index) to += alphabet[numbers.below(alphabet.size())];
}

void append_suffix(std::string& to, endpoint_family family, const request_id& id, const reply_style& style) {
    if (family == endpoint_family::sns) to += ',';
    if (style.writes_old_hints) {
        to += " hints: [ req_id: ";
        append_req_id(to, id);
        to += " ]";
        return;
    }
    to += " rid: ";
    append_hex(to, id.seconds);
    to += '-';
    append_hex(to, id.first);
    to += '-';
    append_hex(to, id.second);
}

std::string_view reason_of(unsigned status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Unnamed";
    }
}

} // namespace

request_id make_request_id(unix_millis now, generator& numbers) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::uint64_t random = numbers.next();
    return {
        static_cast<std::uint32_t>(seconds), static_cast<std::uint32_t>(random >> 32),
        static_cast<std::uint32_t>(random)};
}

endpoint_family family_of(std::string_view path) noexcept {
    return path.starts_with("/sns/") ? endpoint_family::sns : endpoint_family::cgi;
}

std::string_view content_type_of(endpoint_family family) noexcept {
    return family == endpoint_family::sns ? "text/plain" : "application/json; encoding=utf-8";
}

answer error_answer(
    int errcode, endpoint_family family, const request_id& id, const reply_style& style,
    std::string_view client_ip) {
    answer made{200, content_type_of(family), {}, errcode};
    made.body.reserve(160);
    made.body += R"({"errcode":)";
    append_number(made.body, errcode);
    made.body += R"(,"errmsg":")";
    made.body += text_of(errcode);
    if (errcode == errcode::invalid_ip) {
        made.body += ' ';
        made.body += client_ip;
        made.body += " ipv6 ::ffff:";
        made.body += client_ip;
        made.body += ", not in whitelist";
    }
    append_suffix(made.body, family, id, style);
    made.body += R"("})";
    return made;
}

void append_key(std::string& to, const session_key& key, const reply_style& style) {
    for (const char c : key.text()) {
        if (c == '/' && style.escapes_slash) to += '\\';
        to += c;
    }
}

answer login_answer(const exchange_outcome& login, const reply_style& style) {
    answer made{200, content_type_of(endpoint_family::sns), {}, errcode::ok};
    made.body.reserve(192);
    made.body += R"({"session_key":")";
    append_key(made.body, login.key, style);
    made.body += R"(","openid":")";
    made.body += login.openid.text();
    if (login.unionid) {
        made.body += R"(","unionid":")";
        made.body += login.unionid->text();
    }
    made.body += '"';
    if (style.writes_errcode_zero) made.body += R"(,"errcode":0,"errmsg":"ok")";
    made.body += '}';
    return made;
}

void append_head(
    std::string& to, unsigned status, std::string_view content_type, std::string_view date,
    bool keeps_alive) {
    to += "HTTP/1.1 ";
    append_number(to, status);
    to += ' ';
    to += reason_of(status);
    to += keeps_alive ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n";
    if (!content_type.empty()) {
        to += "Content-Type: ";
        to += content_type;
        to += "\r\n";
    }
    to += "Date: ";
    to += date;
    to += "\r\n";
}

void append_response(std::string& to, const answer& what, std::string_view date, bool keeps_alive) {
    append_head(to, what.status, what.content_type, date, keeps_alive);
    to += what.fields;
    to += "Content-Length: ";
    append_number(to, static_cast<std::int64_t>(what.body.size()));
    to += "\r\n\r\n";
    to += what.body;
}

} // namespace wxlogind::wechat_sim
