#include "core/net/rendering.hpp"

#include <algorithm>
#include <charconv>

namespace wxlogind::net {

namespace {

// Strings from elsewhere must not be able to end a line.
bool is_safe(std::string_view value) {
    constexpr std::string_view breaking{"\r\n\0", 3};
    return value.find_first_of(breaking) == std::string_view::npos;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (!is_safe(value)) return;
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits; // NOLINT(cppcoreguidelines-pro-type-member-init)
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void put_two_digits(char* at, int number) {
    at[0] = static_cast<char>('0' + number / 10);
    at[1] = static_cast<char>('0' + number % 10);
}

} // namespace

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return ""; // allowed to be empty (RFC 9112 §4)
    }
}

void render(const response& answer, const rendering& how, std::string& out) {
    const unsigned status = answer.status >= 200 && answer.status <= 599 ? answer.status : 500;
    const bool may_have_body = status != 204 && status != 304;
    const std::string_view body = may_have_body ? std::string_view{answer.body} : std::string_view{};

    out.reserve(out.size() + 256 + body.size());
    out.append("HTTP/1.1 ");
    append_number(out, status);
    out.append(" ").append(reason_phrase(status)).append("\r\nDate: ").append(how.date);
    if (may_have_body) {
        out.append("\r\nContent-Length: ");
        append_number(out, body.size());
    }
    out.append("\r\nX-Request-Id: ").append(how.request_id);
    out.append("\r\nX-Content-Type-Options: nosniff\r\n");
    if (!how.trace.empty()) out.append("traceresponse: ").append(how.trace).append("\r\n");
    if (!body.empty()) append_field(out, "Content-Type", answer.content_type);
    if (answer.no_store) out.append("Cache-Control: no-store\r\n");
    for (const auto& [name, value] : answer.fields) append_field(out, name, value);
    if (how.closes)
        out.append("Connection: close\r\n");
    else if (how.is_http_1_0)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
    if (!how.omits_body) out.append(body);
}

std::string_view http_date::at(std::time_t now) noexcept {
    const std::string_view text{text_.data(), text_.size()};
    if (now == second_) return text;
    second_ = now;
    std::tm utc{};
    gmtime_r(&now, &utc);
    // Not strftime: its names follow the locale.
    constexpr std::string_view days{"SunMonTueWedThuFriSat"};
    constexpr std::string_view months{"JanFebMarAprMayJunJulAugSepOctNovDec"};
    std::ranges::copy(std::string_view{"Sun, 00 Jan 0000 00:00:00 GMT"}, text_.begin());
    days.copy(&text_[0], 3, static_cast<std::size_t>(utc.tm_wday) * 3);
    put_two_digits(&text_[5], utc.tm_mday);
    months.copy(&text_[8], 3, static_cast<std::size_t>(utc.tm_mon) * 3);
    put_two_digits(&text_[12], (utc.tm_year + 1900) / 100);
    put_two_digits(&text_[14], (utc.tm_year + 1900) % 100);
    put_two_digits(&text_[17], utc.tm_hour);
    put_two_digits(&text_[20], utc.tm_min);
    put_two_digits(&text_[23], utc.tm_sec);
    return text;
}

} // namespace wxlogind::net
