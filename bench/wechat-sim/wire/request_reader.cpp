#include "bench/wechat-sim/wire/request_reader.hpp"

#include "bench/wechat-sim/wire/text_search.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstring>
#include <exception>

namespace wxlogind::wechat_sim {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t first_size = 4096;

void split_target(std::string_view target, request& found) {
    const std::size_t mark = target.find('?');
    found.path = target.substr(0, mark);
    found.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
}

// Whether the field may change how the message is framed, or whether the connection is kept.
bool decides_framing(std::string_view line) noexcept {
    if (line == "Connection: keep-alive" || line == "connection: keep-alive") return false;
    switch (line.empty() ? ' ' : line.front()) {
    case 'c':
    case 'C':
    case 't':
    case 'T':
    case 'e':
    case 'E':
    case ' ':
    case '\t': return true;
    default: return false;
    }
}

// The requests of nearly every client: GET, HTTP/1.1, no body, kept alive. False leaves the head to Beast.
bool read_plain_get(std::string_view head, request& found) {
    static constexpr std::string_view start = "GET /";
    static constexpr std::string_view end = " HTTP/1.1\r\n";
    if (!head.starts_with(start)) return false;
    const std::size_t line_end = head.find('\n') + 1;
    const std::string_view line = head.substr(0, line_end);
    if (!line.ends_with(end)) return false;
    const std::string_view target =
        line.substr(start.size() - 1, line.size() - start.size() + 1 - end.size());
    if (holds_any_of(target, " \t\r#")) return false;
    std::string_view rest = head.substr(line_end, head.size() - line_end - 2);
    while (!rest.empty()) {
        const std::size_t stop = rest.find("\r\n");
        if (stop == std::string_view::npos) return false;
        const std::string_view field = rest.substr(0, stop);
        if (decides_framing(field) || field.find(':') == std::string_view::npos) return false;
        rest.remove_prefix(stop + 2);
    }
    found = {};
    found.method = "GET";
    split_target(target, found);
    return true;
}

} // namespace

request_reader::request_reader(std::size_t max_bytes)
    : bytes_(std::min(first_size, max_bytes)), max_bytes_{max_bytes} {}

boost::asio::mutable_buffer request_reader::space() {
    if (filled_ == bytes_.size()) bytes_.resize(std::min(bytes_.size() * 2, max_bytes_));
    return {bytes_.data() + filled_, bytes_.size() - filled_};
}

read_state request_reader::look(request& found) {
    const std::string_view all{bytes_.data(), filled_};
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return filled_ >= max_bytes_ ? read_state::is_too_long : read_state::needs_more;
    const std::string_view head = all.substr(0, end + 4);
    body_size_ = 0;
    if (!read_plain_get(head, found)) {
        const read_state state = read_head(head, found);
        if (state != read_state::has_request) return state;
    }
    if (body_size_ > max_bytes_ - head.size()) return read_state::is_too_long;
    request_size_ = head.size() + body_size_;
    if (filled_ < request_size_) return read_state::needs_more;
    found.fields = head.substr(head.find('\n') + 1);
    found.body = all.substr(head.size(), body_size_);
    return read_state::has_request;
}

read_state request_reader::read_head(std::string_view head, request& found) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head.size()));
    parser.body_limit(boost::none);
    boost::system::error_code error;
    try {
        parser.put(boost::asio::buffer(head), error);
    } catch (const std::exception&) {
        return read_state::is_broken;
    }
    if (error && error != http::error::need_more) return read_state::is_broken;
    if (!parser.is_header_done()) return read_state::is_broken;
    if (parser.chunked()) return read_state::is_chunked;
    body_size_ = static_cast<std::size_t>(parser.content_length().value_or(0));
    // Views into our bytes: the parser is gone when they are used.
    const std::size_t method_end = head.find(' ');
    found = {};
    found.method = head.substr(0, method_end);
    split_target(head.substr(method_end + 1, parser.get().target().size()), found);
    found.keeps_alive = parser.get().keep_alive();
    return read_state::has_request;
}

void request_reader::drop_request() {
    std::memmove(bytes_.data(), bytes_.data() + request_size_, filled_ - request_size_);
    filled_ -= request_size_;
    request_size_ = 0;
}

} // namespace wxlogind::wechat_sim
