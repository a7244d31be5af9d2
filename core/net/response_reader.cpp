#include "core/net/response_reader.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <charconv>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

namespace wxlogind::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// Status line and fields; keeps nothing but what decides where the message ends, and what is wanted.
class header_parser final : public http::basic_parser<false> {
public:
    explicit header_parser(std::span<const std::string_view> wanted) : wanted_{wanted} {
        eager(false); // stops after the header block
        header_limit(static_cast<std::uint32_t>(response_reader::max_header_bytes));
        body_limit(boost::none); // ours
    }

    unsigned status{0};
    std::vector<response_field> fields{};

private:
    using text = boost::beast::string_view;

    void on_request_impl(http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int code, text, int version, error_code&) override {
        status = static_cast<unsigned>(code);
        is_http_11_ = version == 11;
    }
    void on_field_impl(http::field name, text spelt, text value, error_code& error) override {
        for (const std::string_view each : wanted_)
            if (boost::beast::iequals(spelt, {each.data(), each.size()}))
                fields.push_back({std::string{each}, std::string{value}});
        // Beast takes "gzip", or "chunked" in HTTP/1.0, for a body that ends with the connection.
        if (name != http::field::transfer_encoding) return;
        const bool is_ours = is_http_11_ && boost::beast::iequals(value, "chunked");
        if (!is_ours || std::exchange(has_encoding_, true)) error = http::error::bad_transfer_encoding;
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override { return 0; }
    void on_finish_impl(error_code&) override {}

    std::span<const std::string_view> wanted_;
    bool is_http_11_{false};
    bool has_encoding_{false};
};

} // namespace

// Parsers cannot be used twice; this is the place where one after the other is made.
class response_reader::header_block {
public:
    void start_over() { parser.emplace(wanted); }

    std::span<const std::string_view> wanted{};
    std::optional<header_parser> parser;
};

response_reader::response_reader(std::size_t max_body)
    : max_body_{max_body}, header_{std::make_unique<header_block>()} {
    reset();
}

response_reader::~response_reader() = default;

void response_reader::reset(std::span<const std::string_view> wanted_fields) {
    header_->wanted = wanted_fields;
    header_->start_over();
    body_.clear();
    unread_.clear();
    remaining_ = header_bytes_ = framing_bytes_ = 0;
    interim_ = 0;
    stage_ = stage::header;
    keeps_alive_ = has_surplus_ = false;
}

unsigned response_reader::status() const noexcept {
    return header_->parser->status;
}

std::vector<response_field> response_reader::take_fields() noexcept {
    return std::exchange(header_->parser->fields, {});
}

bool response_reader::is_reusable() const noexcept {
    return stage_ == stage::whole && keeps_alive_ && !has_surplus_;
}

response_reader::progress response_reader::feed(std::string_view bytes) {
    try {
        while (!bytes.empty() && stage_ != stage::whole && stage_ != stage::malformed) stage_ = take(bytes);
    } catch (const std::exception&) {
        stage_ = stage::malformed;
    }
    if (stage_ == stage::malformed) return progress::malformed;
    if (stage_ != stage::whole) return progress::more;
    has_surplus_ = !bytes.empty();
    return progress::whole;
}

response_reader::progress response_reader::finish() {
    if (stage_ == stage::body_to_end) stage_ = stage::whole;
    return stage_ == stage::whole ? progress::whole : progress::malformed;
}

response_reader::stage response_reader::take(std::string_view& bytes) {
    switch (stage_) {
    case stage::header: return take_header(bytes);
    case stage::sized_body:
    case stage::body_to_end:
    case stage::chunk_bytes: return take_body(bytes);
    case stage::chunk_size:
    case stage::chunk_end:
    case stage::trailer: return take_line(bytes);
    case stage::whole:
    case stage::malformed: break;
    }
    return stage_;
}

response_reader::stage response_reader::take_header(std::string_view& bytes) {
    // The parser wants whole lines in one piece. As a rule the block comes at once and is not copied.
    const bool is_split = !unread_.empty();
    if (is_split) unread_.append(bytes);
    const std::string_view block = is_split ? std::string_view{unread_} : bytes;

    error_code error;
    const std::size_t taken = header_->parser->put({block.data(), block.size()}, error);
    header_bytes_ += taken;
    if (error == http::error::need_more) {
        const std::string rest{block.substr(taken)};
        bytes = {};
        unread_ = rest;
        return header_bytes_ + unread_.size() > max_header_bytes ? stage::malformed : stage::header;
    }
    if (error || header_bytes_ > max_header_bytes || !header_->parser->is_header_done())
        return stage::malformed;
    bytes.remove_prefix(bytes.size() - (block.size() - taken));
    unread_.clear();
    return after_header();
}

response_reader::stage response_reader::after_header() {
    header_parser& header = *header_->parser;
    if (header.status < 200) {
        // 101 would end HTTP on this connection, and nobody has asked for that.
        if (header.status == 101 || ++interim_ > max_interim) return stage::malformed;
        header_->start_over();
        header_bytes_ = 0;
        return stage::header;
    }
    keeps_alive_ = header.keep_alive();
    if (header.is_done()) return stage::whole; // 204, 304, or Content-Length: 0
    if (header.chunked()) return stage::chunk_size;
    if (const auto length = header.content_length()) {
        if (*length > max_body_) return stage::malformed;
        remaining_ = static_cast<std::size_t>(*length);
        body_.reserve(remaining_);
        return stage::sized_body;
    }
    remaining_ = std::numeric_limits<std::size_t>::max();
    return stage::body_to_end;
}

response_reader::stage response_reader::take_body(std::string_view& bytes) {
    const std::string_view part = bytes.substr(0, remaining_);
    if (body_.size() + part.size() > max_body_) return stage::malformed;
    body_.append(part);
    bytes.remove_prefix(part.size());
    remaining_ -= part.size();
    if (remaining_ != 0) return stage_;
    return stage_ == stage::chunk_bytes ? stage::chunk_end : stage::whole;
}

response_reader::stage response_reader::take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end == bytes.npos ? end : end + 1);
    framing_bytes_ += part.size();
    if (framing_bytes_ > max_framing_bytes) return stage::malformed;
    unread_.append(part);
    bytes.remove_prefix(part.size());
    if (end == bytes.npos) return stage_;

    if (!unread_.ends_with("\r\n")) return stage::malformed;
    const stage next = after_line(std::string_view{unread_}.substr(0, unread_.size() - 2));
    unread_.clear();
    return next;
}

response_reader::stage response_reader::after_line(std::string_view line) {
    if (stage_ == stage::chunk_end) return line.empty() ? stage::chunk_size : stage::malformed;
    // Trailer fields mean nothing to us.
    if (stage_ == stage::trailer) return line.empty() ? stage::whole : stage::trailer;

    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), remaining_, 16);
    const std::string_view extension{end, line.data() + line.size()};
    const bool is_size = error == std::errc{} && (extension.empty() || extension.find_first_of("; \t") == 0);
    if (!is_size || remaining_ > max_body_) return stage::malformed;
    return remaining_ == 0 ? stage::trailer : stage::chunk_bytes;
}

std::string response_reader::take_body() noexcept {
    return std::move(body_);
}

} // namespace wxlogind::net
