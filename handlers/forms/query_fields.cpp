#include "handlers/forms/query_fields.hpp"

#include "core/base/encoding.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

constexpr std::size_t max_fields = 64;

// Names come from outside: only what surely is one is repeated in an error.
std::string shown_name(std::string_view raw) {
    const bool is_plain =
        raw.size() <= 32 && raw.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                  "0123456789_-") == std::string_view::npos;
    return is_plain && !raw.empty() ? std::string{raw} : "query";
}

} // namespace

result<query_fields> query_fields::parse(std::string_view query) {
    query_fields out;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view field = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (field.empty()) continue;
        if (out.fields_.size() == max_fields)
            return failure{errc::invalid_request, "query: more than 64 fields"};

        const std::size_t equals = field.find('=');
        const std::string_view raw_name = field.substr(0, equals);
        const std::string_view raw_value =
            equals == std::string_view::npos ? std::string_view{} : field.substr(equals + 1);
        auto name = percent_decode(raw_name);
        auto value = percent_decode(raw_value);
        if (!name || !value)
            return failure{errc::invalid_request, shown_name(raw_name) + ": broken percent-encoding"};
        if (!is_utf8(*name) || !is_utf8(*value))
            return failure{errc::invalid_request, shown_name(raw_name) + ": not UTF-8"};
        if (*value == "undefined" || *value == "null") continue;
        out.fields_.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

result<std::optional<std::string_view>> query_fields::text(std::string_view name) const {
    const std::string* found = nullptr;
    for (const auto& [field_name, value] : fields_) {
        if (field_name != name) continue;
        if (found != nullptr)
            return failure{errc::invalid_request, std::string{name} + ": given more than once"};
        found = &value;
    }
    if (found == nullptr) return std::optional<std::string_view>{};
    return std::optional<std::string_view>{*found};
}

result<void> query_fields::has_only(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : fields_)
        if (std::ranges::find(names, name) == names.end())
            return failure{errc::invalid_request, shown_name(name) + ": no such parameter here"};
    return {};
}

} // namespace wxlogind::handlers
