// The route tables: every path that is answered, by whom, for which methods.
#pragma once

#include "handlers/admission/admission.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/service_keys.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace wxlogind::handlers {

// A set of HTTP methods.
class method_set {
public:
    constexpr method_set(std::initializer_list<net::method> methods) {
        for (const net::method each : methods) bits_ |= 1u << static_cast<unsigned>(each);
    }
    [[nodiscard]] constexpr bool contains(net::method m) const noexcept {
        return (bits_ >> static_cast<unsigned>(m) & 1u) != 0;
    }
    [[nodiscard]] constexpr method_set operator|(method_set other) const noexcept {
        other.bits_ |= bits_;
        return other;
    }
    // As the Allow field wants it: "GET, HEAD".
    [[nodiscard]] std::string to_text() const;

private:
    unsigned bits_{0};
};

// A path may stand in several, for different methods.
struct route {
    // "/users/{id}/ban": a segment in braces stands for any one segment that is not empty; the endpoint looks
    // into the request's path for it.
    std::string_view path;
    method_set methods;
    endpoint answer;
    // What a service key needs for it, where the internal listener wants keys.
    service_scope scope{service_scope::none};
    // Counts against the quota of its client's address: it is open to who has no token yet.
    bool is_limited_by_address{false};
    // In which line it waits, and is refused when that is too long.
    lane waits_in{lane::open};
    // Its body may be longer than others: see avatar_access::longest_upload.
    bool takes_upload{false};
};

// Whether `path` is one of those that `pattern` stands for. Byte by byte: no percent-encoding is undone, no
// slash too many is forgiven.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view path) noexcept;

// The n-th segment of a path, counted from 0: segment 1 of "/users/x/ban" is "x". "" when there is none.
[[nodiscard]] std::string_view segment_of(std::string_view path, std::size_t n) noexcept;

// What mini programs call, through the load balancer.
[[nodiscard]] std::span<const route> public_routes() noexcept;
// What business back ends and operators call.
[[nodiscard]] std::span<const route> internal_routes() noexcept;

} // namespace wxlogind::handlers
