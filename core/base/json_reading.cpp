#include "core/base/json_reading.hpp"

#include "core/base/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <memory_resource>
#include <string>

namespace wxlogind {

namespace {

namespace json = boost::json;
using error_code = boost::system::error_code;

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_members = 64;
constexpr std::size_t max_quoted_name = 64;

// Builds values as Boost's own parser does, but looks at the names in each object: Boost keeps the last of
// two equal ones silently.
class document_builder {
public:
    static constexpr std::size_t max_object_size = max_members;
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    document_builder(unsigned char* buffer, std::size_t size) : values{{}, buffer, size} {
        names_.reserve(16);
        first_names_.reserve(4);
    }

    json::value_stack values;
    std::string duplicate;
    bool has_duplicate{false};

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t count, error_code&) {
        values.push_array(count);
        return true;
    }
    bool on_object_begin(error_code&) {
        first_names_.push_back(names_.size());
        return true;
    }
    bool on_object_end(std::size_t count, error_code&) {
        names_.resize(first_names_.back());
        first_names_.pop_back();
        values.push_object(count);
        return true;
    }
    bool on_key_part(std::string_view part, std::size_t, error_code&) {
        values.push_chars(part);
        name_parts_ += part;
        return true;
    }
    bool on_key(std::string_view rest, std::size_t, error_code& error) {
        values.push_key(rest);
        std::string_view name = rest;
        if (!name_parts_.empty()) {
            name_parts_ += rest;
            name = name_parts_;
        }
        const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first_names_.back());
        has_duplicate = std::find(begin, names_.end(), name) != names_.end();
        if (has_duplicate) {
            duplicate = name;
            error = json::make_error_code(json::error::syntax);
            return false;
        }
        names_.push_back(keep(name));
        name_parts_.clear();
        return true;
    }
    bool on_string_part(std::string_view part, std::size_t, error_code&) {
        values.push_chars(part);
        return true;
    }
    bool on_string(std::string_view rest, std::size_t, error_code&) {
        values.push_string(rest);
        return true;
    }
    bool on_number_part(std::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t number, std::string_view, error_code&) {
        values.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
        values.push_uint64(number);
        return true;
    }
    bool on_double(double number, std::string_view, error_code&) {
        values.push_double(number);
        return true;
    }
    bool on_bool(bool flag, error_code&) {
        values.push_bool(flag);
        return true;
    }
    bool on_null(error_code&) {
        values.push_null();
        return true;
    }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }

private:
    std::string_view keep(std::string_view name) {
        auto* const place = static_cast<char*>(memory_.allocate(name.size(), 1));
        std::copy(name.begin(), name.end(), place);
        return {place, name.size()};
    }

    std::array<std::byte, 1024> buffer_;
    std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
    // The names of the objects that are open, outermost first, and where each object's begin.
    std::pmr::vector<std::string_view> names_{&memory_};
    std::pmr::vector<std::size_t> first_names_{&memory_};
    std::string name_parts_;
};

std::string_view what_is_wrong(error_code error) {
    if (error == json::error::too_deep) return "nested too deeply";
    if (error == json::error::object_too_large) return "too many members";
    return "not JSON";
}

failure refusal(std::string_view document, std::string_view why) {
    std::string detail{document};
    detail += ": ";
    detail += why;
    return {errc::invalid_request, std::move(detail)};
}

} // namespace

const json::value* json_members::find(std::string_view name) const noexcept {
    const json::value* const value = members_->if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

failure json_members::not_a(std::string_view type, std::string_view name) const {
    std::string why{"member "};
    append_json_string(why, name);
    why += " is not ";
    why += type;
    return refusal(document_, why);
}

result<std::optional<std::string_view>> json_members::text(std::string_view name) const {
    const json::value* const value = find(name);
    if (value == nullptr) return std::optional<std::string_view>{};
    const json::string* const string = value->if_string();
    if (string == nullptr) return not_a("a string", name);
    return std::optional<std::string_view>{*string};
}

result<std::optional<std::int64_t>> json_members::integer(std::string_view name) const {
    const json::value* const value = find(name);
    if (value == nullptr) return std::optional<std::int64_t>{};
    const std::int64_t* const number = value->if_int64();
    if (number == nullptr) return not_a("an integer", name);
    return std::optional<std::int64_t>{*number};
}

result<std::optional<bool>> json_members::flag(std::string_view name) const {
    const json::value* const value = find(name);
    if (value == nullptr) return std::optional<bool>{};
    const bool* const is_set = value->if_bool();
    if (is_set == nullptr) return not_a("true or false", name);
    return std::optional<bool>{*is_set};
}

result<std::optional<json_members>> json_members::object(std::string_view name) const {
    const json::value* const value = find(name);
    if (value == nullptr) return std::optional<json_members>{};
    const json::object* const members = value->if_object();
    if (members == nullptr) return not_a("an object", name);
    return std::optional<json_members>{std::in_place, document_, *members};
}

bool json_members::is_null(std::string_view name) const noexcept {
    const json::value* const value = members_->if_contains(name);
    return value != nullptr && value->is_null();
}

result<json_members> json_document::read(std::string_view text) {
    std::array<unsigned char, 1024> values_buffer;
    json::parse_options options;
    options.max_depth = max_depth;
    json::basic_parser<document_builder> parser{options, values_buffer.data(), values_buffer.size()};
    document_builder& builder = parser.handler();
    builder.values.reset(json::storage_ptr{&memory_});

    error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (builder.has_duplicate) {
        if (builder.duplicate.size() > max_quoted_name) return refusal(name_, "duplicate member");
        std::string why{"duplicate member "};
        append_json_string(why, builder.duplicate);
        return refusal(name_, why);
    }
    if (error) return refusal(name_, what_is_wrong(error));
    if (read != text.size()) return refusal(name_, "not JSON");

    // On the same memory, so that it is moved and not copied.
    std::destroy_at(&root_);
    std::construct_at(&root_, builder.values.release());
    const json::object* const members = root_.if_object();
    if (members == nullptr) return refusal(name_, "not an object");
    return json_members{name_, *members};
}

} // namespace wxlogind
