#include "core/wechat/code2session_reply.hpp"

#include "core/wechat/errcodes.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <string>

namespace wxlogind::wechat {

namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_id_bytes = 128;

// A text field of the reply. Longer ones are cut one past what is allowed, which is enough to refuse them.
struct text_field {
    std::string_view name;
    bool is_there{false};
    bool is_text{false};
    std::string value{};

    void append(std::string_view part) { value.append(part.substr(0, max_id_bytes + 1 - value.size())); }
};

// Boost.JSON's events. A document would keep the last of two equal keys in silence, and that openid may be
// anybody's; so the fields are taken as they come, and a second one stops the parser.
struct reply_reader {
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    text_field openid{"openid"};
    text_field unionid{"unionid"};
    text_field session_key{"session_key"};
    bool has_errcode{false};
    bool is_errcode_int{false};
    std::int64_t errcode{0};
    bool is_object{false};

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        if (depth_++ == 0) is_object = true;
        return begin_value();
    }
    bool on_object_end(std::size_t, error_code&) {
        --depth_;
        return end_value();
    }
    bool on_array_begin(error_code&) {
        ++depth_;
        return begin_value();
    }
    bool on_array_end(std::size_t, error_code&) {
        --depth_;
        return end_value();
    }
    bool on_key_part(std::string_view part, std::size_t, error_code&) {
        append_to_key(part);
        return true;
    }
    bool on_key(std::string_view rest, std::size_t, error_code& error) {
        append_to_key(rest);
        const bool is_first = depth_ != 1 || choose_field();
        key_.clear();
        if (!is_first) error = boost::json::make_error_code(boost::json::error::syntax);
        return is_first;
    }
    bool on_string_part(std::string_view part, std::size_t, error_code&) {
        if (text_field* const field = text_at_top()) field->append(part);
        return true;
    }
    bool on_string(std::string_view rest, std::size_t, error_code&) {
        if (text_field* const field = text_at_top()) {
            field->append(rest);
            field->is_text = true;
        }
        return end_value();
    }
    bool on_int64(std::int64_t value, std::string_view, error_code&) {
        if (depth_ == 1 && is_at_errcode_) {
            errcode = value;
            is_errcode_int = true;
        }
        return end_value();
    }
    bool on_number_part(std::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, std::string_view, error_code&) { return end_value(); }
    bool on_double(double, std::string_view, error_code&) { return end_value(); }
    bool on_bool(bool, error_code&) { return end_value(); }
    bool on_null(error_code&) {
        // Absent is what is documented; a null says the same.
        if (text_at_top() == &unionid) unionid.is_text = true;
        return end_value();
    }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }

private:
    void append_to_key(std::string_view part) {
        // No name that we know is longer than 15 bytes.
        if (depth_ == 1) key_.append(part.substr(0, 16 - std::min<std::size_t>(16, key_.size())));
    }

    // False: this field has been there before.
    bool choose_field() {
        current_ = nullptr;
        is_at_errcode_ = key_ == "errcode";
        if (is_at_errcode_) return !std::exchange(has_errcode, true);
        for (text_field* const field : {&openid, &unionid, &session_key}) {
            if (key_ != field->name) continue;
            current_ = field;
            return !std::exchange(field->is_there, true);
        }
        return true;
    }

    [[nodiscard]] text_field* text_at_top() const noexcept { return depth_ == 1 ? current_ : nullptr; }

    // What is inside a nested value is nobody's field.
    bool begin_value() {
        current_ = nullptr;
        is_at_errcode_ = false;
        return true;
    }
    bool end_value() { return begin_value(); }

    std::size_t depth_{0};
    std::string key_{};
    text_field* current_{nullptr};
    bool is_at_errcode_{false};
};

bool is_url_safe(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_id_bytes && std::ranges::all_of(text, is_url_safe);
}

// The canonical base64 of 16 bytes: 22 characters, of which the last holds two bits, and the padding.
bool is_session_key(std::string_view text) noexcept {
    const auto is_base64 = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    };
    return text.size() == 24 && text.substr(22) == "==" &&
           std::string_view{"AQgw"}.find(text[21]) != std::string_view::npos &&
           std::ranges::all_of(text.substr(0, 21), is_base64);
}

failure bad_answer(const char* why) {
    return {errc::wechat_bad_answer, why};
}

} // namespace

result<code_session> parse_code2session_reply(std::string_view body) {
    if (body.size() > max_reply_bytes) return bad_answer("the answer is too long");

    boost::json::parse_options options;
    options.max_depth = max_depth;
    boost::json::basic_parser<reply_reader> parser{options};
    error_code error;
    const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
    reply_reader& reply = parser.handler();
    if (error || read != body.size() || !reply.is_object)
        return bad_answer("the answer is not one JSON object");

    if (reply.has_errcode) {
        if (!reply.is_errcode_int || reply.errcode < INT_MIN || reply.errcode > INT_MAX)
            return bad_answer("the errcode is not an integer");
        if (reply.errcode != errcode_ok) return code2session_failure(static_cast<int>(reply.errcode));
    }
    if (!reply.openid.is_text || !is_id(reply.openid.value)) return bad_answer("the answer has no openid");
    secret session_key{std::move(reply.session_key.value)};
    if (!reply.session_key.is_text || !is_session_key(session_key.reveal()))
        return bad_answer("the answer has no session_key");

    code_session session;
    session.openid = std::move(reply.openid.value);
    session.session_key = std::move(session_key);
    if (reply.unionid.is_there) {
        if (!reply.unionid.is_text) return bad_answer("the unionid is not a text");
        if (!reply.unionid.value.empty()) {
            if (!is_id(reply.unionid.value)) return bad_answer("the unionid is malformed");
            session.unionid = std::move(reply.unionid.value);
        }
    }
    return session;
}

result<code_session> read_code2session_response(unsigned status, std::string_view body) {
    if (status == 200) return parse_code2session_reply(body);
    if (status == 429) return failure{errc::rate_limited, "too many requests to WeChat"};
    if (status >= 500) return failure{errc::code_rejected, "WeChat's answer was lost"};
    return bad_answer("WeChat answered an unexpected status");
}

} // namespace wxlogind::wechat
