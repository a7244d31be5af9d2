#include "core/net/http.hpp"

#include "core/net/ascii.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace wxlogind::net {

std::string_view to_string(method m) noexcept {
    switch (m) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::post: return "POST";
    case method::put: return "PUT";
    case method::patch: return "PATCH";
    case method::delete_: return "DELETE";
    case method::options: return "OPTIONS";
    }
    return "";
}

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    std::optional<std::string_view> found;
    for (const header_field& field : fields) {
        if (!equals_ignoring_case(field.name, name)) continue;
        if (found) return std::nullopt;
        found = field.value;
    }
    return found;
}

std::size_t request::count(std::string_view name) const noexcept {
    std::size_t found = 0;
    for (const header_field& field : fields) found += equals_ignoring_case(field.name, name) ? 1 : 0;
    return found;
}

bool request::is_client_gone() const noexcept {
    if (socket < 0) return false;
    char peeked = 0;
    const ssize_t got = ::recv(socket, &peeked, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0) return false;
    return got == 0 || (errno != EAGAIN && errno != EINTR);
}

} // namespace wxlogind::net
