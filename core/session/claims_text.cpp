#include "core/session/claims_text.hpp"

#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace wxlogind::session {

namespace {

// What a double, and so every JSON library, holds exactly.
constexpr std::int64_t max_time = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t max_sid = std::numeric_limits<session_id>::max();

void append_number(std::string& to, std::int64_t number) {
    std::array<char, 20> text;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
    to.append(text.data(), written.ptr);
}

// The character that an escape stands for, and its length; {} for those that we do not write. Whether it had
// to be escaped, and so spelled, is not seen here.
struct escape {
    char character{0};
    std::size_t length{0};
};

escape read_escape(std::string_view text) {
    if (text.size() < 2) return {};
    switch (text[1]) {
    case '"':
    case '\\': return {text[1], 2};
    case 'n': return {'\n', 2};
    case 'r': return {'\r', 2};
    case 't': return {'\t', 2};
    default: break;
    }
    if (!text.starts_with("\\u00") || text.size() < 6) return {};
    const auto byte = hex_decode(text.substr(4, 2));
    return byte ? escape{byte->front(), 6} : escape{};
}

// Takes the text apart from front to back. Every function is false, and the rest undefined, when the next
// thing is not what was asked for.
class claims_reader {
public:
    explicit claims_reader(std::string_view json) : rest_{json} {}

    bool take(std::string_view literal) {
        if (!rest_.starts_with(literal)) return false;
        rest_.remove_prefix(literal.size());
        return true;
    }

    bool take_text(std::string& text) {
        if (!take("\"")) return false;
        const std::string_view plain = rest_.substr(0, std::min(rest_.find('"'), rest_.size()));
        if (std::any_of(plain.begin(), plain.end(), needs_escape)) return take_escaped_text(text);
        text = plain;
        rest_.remove_prefix(plain.size());
        return take("\"");
    }

    bool take_number(std::int64_t& number, std::int64_t max) {
        const char* const begin = rest_.data();
        const auto [behind, error] = std::from_chars(begin, begin + rest_.size(), number);
        const auto length = static_cast<std::size_t>(behind - begin);
        const bool is_canonical = error == std::errc{} && number >= 0 && number <= max &&
                                  rest_.front() != '-' && (rest_.front() != '0' || length == 1);
        if (is_canonical) rest_.remove_prefix(length);
        return is_canonical;
    }

    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

private:
    static bool needs_escape(char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7f;
    }

    bool take_escaped_text(std::string& text) {
        text.clear();
        const std::string_view source = rest_;
        while (!rest_.empty() && rest_.front() != '"') {
            escape next{rest_.front(), 1};
            if (rest_.front() == '\\') next = read_escape(rest_);
            if (next.length == 0) return false;
            text += next.character;
            rest_.remove_prefix(next.length);
        }
        // One spelling a text: it has to be written again as it stands here.
        std::string spelled;
        append_json_string(spelled, text);
        return take("\"") &&
               std::string_view{spelled}.substr(1) == source.substr(0, source.size() - rest_.size());
    }

    std::string_view rest_;
};

bool take_user(claims_reader& reader, user_id& user) {
    std::string text;
    if (!reader.take_text(text)) return false;
    const auto id = parse_user_id(text);
    if (id) user = *id;
    return id.has_value();
}

bool take_time(claims_reader& reader, unix_seconds& time) {
    std::int64_t number = 0;
    if (!reader.take_number(number, max_time)) return false;
    time = unix_seconds{std::chrono::seconds{number}};
    return true;
}

bool take_openid(claims_reader& reader, std::string& openid) {
    return !reader.take(R"(,"openid":)") || (reader.take_text(openid) && !openid.empty());
}

} // namespace

void append_claims(std::string& to, std::string_view issuer, const token_claims& claims) {
    to += R"({"iss":)";
    append_json_string(to, issuer);
    to += R"(,"aud":)";
    append_json_string(to, claims.appid);
    to += R"(,"sub":")";
    append_text(to, claims.user);
    to += R"(","sid":")";
    append_number(to, claims.sid);
    to += R"(","iat":)";
    append_number(to, claims.issued.time_since_epoch().count());
    to += R"(,"exp":)";
    append_number(to, claims.expires.time_since_epoch().count());
    if (!claims.openid.empty()) {
        to += R"(,"openid":)";
        append_json_string(to, claims.openid);
    }
    to += '}';
}

std::optional<token_claims> read_claims(std::string_view json, std::string_view issuer) {
    if (!is_utf8(json)) return std::nullopt;
    std::optional<token_claims> claims{std::in_place};
    claims_reader reader{json};
    std::string read_issuer;
    const bool is_read = reader.take(R"({"iss":)") && reader.take_text(read_issuer) &&
                         read_issuer == issuer && reader.take(R"(,"aud":)") &&
                         reader.take_text(claims->appid) && reader.take(R"(,"sub":)") &&
                         take_user(reader, claims->user) && reader.take(R"(,"sid":")") &&
                         reader.take_number(claims->sid, max_sid) && reader.take(R"(","iat":)") &&
                         take_time(reader, claims->issued) && reader.take(R"(,"exp":)") &&
                         take_time(reader, claims->expires) && take_openid(reader, claims->openid) &&
                         reader.take("}") && reader.is_at_end();
    if (!is_read) claims.reset();
    return claims;
}

} // namespace wxlogind::session
