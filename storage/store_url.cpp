#include "storage/store_url.hpp"

namespace wxlogind::storage {

result<store_url> parse_store_url(std::string_view url) {
    const auto colon = url.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return failure{errc::invalid_request, "storage.url has no scheme: sqlite:/path/to/file"};
    store_url parts;
    parts.scheme = url.substr(0, colon);
    std::string_view rest = url.substr(colon + 1);

    const auto question = rest.find('?');
    parts.path = rest.substr(0, question);
    rest = question == std::string_view::npos ? std::string_view{} : rest.substr(question + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view parameter = rest.substr(0, end);
        const auto equals = parameter.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return failure{errc::invalid_request, "storage.url: a parameter is name=value"};
        parts.parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return parts;
}

} // namespace wxlogind::storage
