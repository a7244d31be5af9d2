#include "core/base/log_line.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace wxlogind {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Bytes that stand for themselves in both formats, between quotes or not.
constexpr auto is_plain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x7f; ++byte) plain[byte] = byte != '"' && byte != '\\';
    return plain;
}();

unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]);
}

struct utf8_character {
    std::size_t bytes{0}; // 0: what is here is not UTF-8
    std::uint32_t value{0};
};

// The character at the beginning of `text`, which is not empty (RFC 3629 section 4).
utf8_character first_character(std::string_view text) noexcept {
    const unsigned char lead = byte_at(text, 0);
    if (lead < 0x80) return {1, lead};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
    std::uint32_t value = lead & (0x7fu >> size);
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte_at(text, at) & 0xc0u) != 0x80u) return {};
        value = value << 6u | (byte_at(text, at) & 0x3fu);
    }
    const bool is_overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    if (is_overlong || is_surrogate || value > 0x10ffff) return {};
    return {size, value};
}

// Characters that act on a terminal or an editor instead of being seen: C0, DEL, C1, line and paragraph
// separators, and the marks that change the direction of writing.
bool is_invisible(std::uint32_t c) noexcept {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void append_unicode_escape(std::string& to, std::uint32_t value) {
    to.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        to.push_back(hex_digits[value >> static_cast<unsigned>(shift) & 0xfu]);
}

// One character that is not plain. Returns how many bytes of `text` it was.
std::size_t append_special(std::string& to, log_format format, std::string_view text) {
    const auto [bytes, value] = first_character(text);
    if (bytes == 0) {
        if (format == log_format::json) {
            to.append("\\ufffd");
        } else {
            to.append("\\x");
            to.push_back(hex_digits[byte_at(text, 0) >> 4u]);
            to.push_back(hex_digits[byte_at(text, 0) & 0xfu]);
        }
        return 1;
    }
    switch (value) {
    case '"': to.append("\\\""); break;
    case '\\': to.append("\\\\"); break;
    case '\n': to.append("\\n"); break;
    case '\r': to.append("\\r"); break;
    case '\t': to.append("\\t"); break;
    default:
        if (is_invisible(value))
            append_unicode_escape(to, value);
        else
            to.append(text.substr(0, bytes));
    }
    return bytes;
}

void append_escaped(std::string& to, log_format format, std::string_view text) {
    const bool is_cut = text.size() > max_logged_value_bytes;
    if (is_cut) text = text.substr(0, max_logged_value_bytes);
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (is_plain[byte_at(text, at)]) {
            ++at;
            continue;
        }
        to.append(text.substr(done, at - done));
        at += append_special(to, format, text.substr(at));
        done = at;
    }
    to.append(text.substr(done));
    if (is_cut) to.append("...");
}

void append_json_string(std::string& to, std::string_view text) {
    to.push_back('"');
    append_escaped(to, log_format::json, text);
    to.push_back('"');
}

// Bytes that need neither quotes nor escapes in a text value.
constexpr auto is_bare = [] {
    auto bare = is_plain;
    bare[' '] = false;
    bare['='] = false;
    return bare;
}();

void append_text_value(std::string& to, std::string_view text) {
    bool needs_quotes = text.empty();
    for (const char c : text) needs_quotes |= !is_bare[static_cast<unsigned char>(c)];
    if (needs_quotes) to.push_back('"');
    // What is bare needs no second look; most values are ids and numbers.
    if (needs_quotes || text.size() > max_logged_value_bytes)
        append_escaped(to, log_format::text, text);
    else
        to.append(text);
    if (needs_quotes) to.push_back('"');
}

void write_digits(char* to, unsigned value, std::size_t count) noexcept {
    while (count-- != 0) {
        to[count] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

// RFC 3339, UTC. The second's text is kept per thread: a busy log writes thousands of lines within it.
void append_time(std::string& to, unix_millis time) {
    struct rendered_second {
        unix_seconds second{unix_seconds::min()};
        std::array<char, 20> text{"0000-00-00T00:00:00"};
    };
    thread_local rendered_second kept;

    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second != kept.second) {
        const auto day = std::chrono::floor<std::chrono::days>(second);
        const std::chrono::year_month_day date{day};
        const std::chrono::hh_mm_ss clock{second - day};
        char* const text = kept.text.data();
        write_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
        write_digits(text + 5, static_cast<unsigned>(date.month()), 2);
        write_digits(text + 8, static_cast<unsigned>(date.day()), 2);
        write_digits(text + 11, static_cast<unsigned>(clock.hours().count()), 2);
        write_digits(text + 14, static_cast<unsigned>(clock.minutes().count()), 2);
        write_digits(text + 17, static_cast<unsigned>(clock.seconds().count()), 2);
        kept.second = second;
    }
    std::array<char, 5> rest{'.', '0', '0', '0', 'Z'};
    write_digits(rest.data() + 1, static_cast<unsigned>((time - second).count()), 3);
    to.append(kept.text.data(), kept.text.size() - 1);
    to.append(rest.data(), rest.size());
}

} // namespace

std::string_view to_string(log_level level) noexcept {
    switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warning: return "warning";
    case log_level::error: return "error";
    }
    return "error";
}

namespace {

void append_text_fields(std::string& to, std::span<const log_field> fields) {
    for (const log_field& field : fields) {
        if (field.value.empty()) continue;
        to.append(" ").append(field.name).append("=");
        append_text_value(to, field.value);
    }
}

// syslog(3)'s.
char priority_of(log_level level) noexcept {
    switch (level) {
    case log_level::debug: return '7';
    case log_level::info: return '6';
    case log_level::warning: return '4';
    case log_level::error: return '3';
    }
    return '3';
}

void append_journal_entry(
    std::string& to, log_level level, std::string_view message, std::span<const log_field> fields) {
    to.append("MESSAGE=");
    append_escaped(to, log_format::journal, message);
    append_text_fields(to, fields);
    to.append("\nPRIORITY=").append(1, priority_of(level)).append("\nSYSLOG_IDENTIFIER=wxlogind\n");
    for (const log_field& field : fields) {
        if (field.value.empty()) continue;
        to.append("WXLOGIND_");
        for (const char c : field.name)
            to.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        to.push_back('=');
        append_escaped(to, log_format::journal, field.value);
        to.push_back('\n');
    }
    to.push_back('\n');
}

} // namespace

void append_log_line(
    std::string& to, log_format format, log_level level, unix_millis time, std::string_view message,
    std::span<const log_field> fields) {
    if (format == log_format::json) {
        to.append(R"({"time":")");
        append_time(to, time);
        to.append(R"(","level":")").append(to_string(level)).append(R"(","message":)");
        append_json_string(to, message);
        for (const log_field& field : fields) {
            if (field.value.empty()) continue;
            to.append(",\"").append(field.name).append("\":");
            if (field.is_number)
                to.append(field.value);
            else
                append_json_string(to, field.value);
        }
        to.append("}\n");
        return;
    }
    if (format == log_format::journal) return append_journal_entry(to, level, message, fields);
    if (format == log_format::logfmt) {
        to.append("time=");
        append_time(to, time);
        to.append(" level=").append(to_string(level)).append(" message=");
        append_text_value(to, message);
    } else {
        append_time(to, time);
        to.append(" ").append(to_string(level)).append(" ");
        append_escaped(to, format, message);
    }
    append_text_fields(to, fields);
    to.append("\n");
}

} // namespace wxlogind
