#include "core/net/http_reader.hpp"

#include "core/net/ascii.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstring>
#include <limits>

namespace wxlogind::net {

namespace {

namespace beast_http = boost::beast::http;
namespace beast = boost::beast;

// More fields than a client of ours sends; a vector that had to grow beyond is given back.
constexpr std::size_t usual_fields = 24;
// "DELETE", "HTTP/1.1", two spaces and the line's end, with room for a longer method.
constexpr std::size_t request_line_extra = 64;

// Beast's parser, told to put the pieces where we want them: views into the bytes it is given, no copies and
// no allocation. It stops at the end of the header.
class head_parser final : public beast_http::basic_parser<true> {
public:
    head_parser(request& incoming, std::vector<header_field>& fields) : incoming_{incoming}, fields_{fields} {
        skip(true);
        body_limit(boost::none);
        header_limit(std::numeric_limits<std::uint32_t>::max()); // ours has been checked already
    }

private:
    static std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

    void on_request_impl(
        beast_http::verb, beast::string_view, beast::string_view target, int, error_code&) override {
        incoming_.target = view(target);
    }
    void on_field_impl(
        beast_http::field, beast::string_view name, beast::string_view value, error_code&) override {
        fields_.push_back({view(name), view(value)});
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    request& incoming_;
    std::vector<header_field>& fields_;
};

} // namespace

http_reader::reading http_reader::read(std::string_view received) noexcept {
    if (is_refused_) return reading::is_refused;
    try {
        if (!has_head()) {
            const reading head = read_head(received);
            if (head != reading::has_request) return head;
        }
        if (has_long_body()) return parse(received);
        if (received.size() >= message_size()) return parse(received);
        if (facts_.expects_continue && !has_continued_ && !facts_.is_http_1_0 &&
            received.size() == start_ + head_size_) {
            has_continued_ = true;
            return reading::owes_continue;
        }
        return reading::needs_bytes;
    } catch (const std::bad_alloc&) {
        return refuse(errc::overloaded);
    } catch (const std::exception&) {
        // Beast 1.81 can throw on input. None is known that gets past the checks; this is the net under them.
        return refuse(errc::invalid_request);
    }
}

http_reader::reading http_reader::refuse(failure why) noexcept {
    is_refused_ = true;
    why_ = std::move(why);
    return reading::is_refused;
}

// has_request: the head is whole and sound.
http_reader::reading http_reader::read_head(std::string_view received) {
    if (scanned_ == 0 && received.starts_with('\r')) {
        // One empty line before the request is skipped (RFC 9112 §2.2).
        if (received.size() < 2) return reading::needs_bytes;
        if (received[1] != '\n') return refuse({errc::invalid_request, "a bare carriage return"});
        start_ = scanned_ = line_start_ = 2;
    }
    if (received.size() == start_) return reading::needs_bytes;
    // TLS and other protocols are told at once, not when the deadline passes.
    if (!is_in(token_characters, received[start_]))
        return refuse({errc::invalid_request, "the request line is malformed"});

    const reading lines = scan_lines(received);
    if (lines != reading::has_request) return lines;
    auto checked = check_head(received.substr(start_, head_size_), limits_);
    if (!checked) return refuse(std::move(checked).error());
    facts_ = *checked;
    body_size_ = facts_.content_length;
    return reading::has_request;
}

// The limits hold for what has been seen so far, so that the answer is the same however the bytes arrive.
http_reader::reading http_reader::scan_lines(std::string_view received) {
    const std::string_view window = received.substr(0, start_ + limits_.max_header_bytes);
    const std::size_t longest_request_line = limits_.max_target_bytes + request_line_extra;
    while (scanned_ < window.size()) {
        const void* const found = std::memchr(window.data() + scanned_, '\n', window.size() - scanned_);
        const std::size_t end =
            found == nullptr ? window.size()
                             : static_cast<std::size_t>(static_cast<const char*>(found) - window.data());
        if (lines_ == 0 && end - start_ > longest_request_line)
            return refuse({errc::uri_too_long, "the target is too long"});
        scanned_ = end;
        if (found == nullptr) break;
        if (window[end - 1] != '\r') return refuse({errc::invalid_request, "a bare line feed"});
        scanned_ = end + 1;
        const bool is_empty = end - 1 == line_start_;
        line_start_ = scanned_;
        if (is_empty) {
            head_size_ = scanned_ - start_;
            return reading::has_request;
        }
        if (++lines_ > limits_.max_fields + 1)
            return refuse({errc::header_fields_too_large, "too many fields"});
    }
    if (window.size() == start_ + limits_.max_header_bytes)
        return refuse({errc::header_fields_too_large, "the header is too large"});
    return reading::needs_bytes;
}

http_reader::reading http_reader::parse(std::string_view received) {
    fields_.clear();
    incoming_ = request{};
    head_parser parser{incoming_, fields_};
    error_code error;
    const std::size_t taken = parser.put(asio::buffer(received.data() + start_, head_size_), error);
    if (error || taken != head_size_ || !parser.is_header_done())
        return refuse({errc::invalid_request, "the header is malformed"});
    keeps_alive_ = parser.keep_alive();

    incoming_.verb = facts_.verb;
    const std::size_t question = std::min(incoming_.target.find('?'), incoming_.target.size());
    incoming_.path = incoming_.target.substr(0, question);
    if (question < incoming_.target.size()) incoming_.query = incoming_.target.substr(question + 1);
    if (!has_long_body()) incoming_.body = received.substr(start_ + head_size_, body_size_);
    incoming_.fields = fields_;
    set_content_type();
    return has_long_body() ? reading::has_long_head : reading::has_request;
}

void http_reader::set_content_type() {
    const auto sent = incoming_.header("content-type");
    if (!sent) return;
    const std::string_view type = trimmed(sent->substr(0, std::min(sent->find(';'), sent->size())));
    incoming_.content_type = type;
    if (std::ranges::all_of(type, [](char c) { return lower(c) == c; })) return;
    media_type_.assign(type);
    std::ranges::transform(media_type_, media_type_.begin(), lower);
    incoming_.content_type = media_type_;
}

void http_reader::next() noexcept {
    start_ = scanned_ = line_start_ = lines_ = head_size_ = body_size_ = 0;
    has_continued_ = is_refused_ = keeps_alive_ = false;
    facts_ = {};
    incoming_ = {};
    if (fields_.capacity() > usual_fields) fields_ = {};
    if (media_type_.capacity() > 64) media_type_ = {};
}

} // namespace wxlogind::net
