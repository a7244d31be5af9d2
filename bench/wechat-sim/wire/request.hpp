// A request as the simulator sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// The views are good until the reader that gave the request goes on.
struct request {
    std::string_view method; // as sent
    std::string_view path;   // as sent, without the query
    std::string_view query;  // without the question mark
    std::string_view body;
    bool keeps_alive{true};
    std::string_view fields{}; // of the head, each with its line end
};

// The value of the first field of that name; "" when there is none.
[[nodiscard]] std::string_view field_of(const request& incoming, std::string_view name) noexcept;

// The parameters of a query, decoded when they are asked for.
class query_parameters {
public:
    explicit query_parameters(std::string_view query) : query_{query} {}

    // The first parameter of that name; nullopt when there is none. "%XX" is undone, '+' is a space; a '%'
    // without two hexadecimal digits stays as it is. Good while this object and the query are.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name);
    // "" when there is none.
    [[nodiscard]] std::string_view text(std::string_view name) { return find(name).value_or(""); }

private:
    std::string_view query_;
    std::string decoded_; // reserved once for all values, so that views into it stay
};

} // namespace wxlogind::wechat_sim
