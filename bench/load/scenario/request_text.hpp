// Requests, written once and sent often.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::load {

// What all requests of a run have in common.
struct request_style {
    std::string host{};
    std::string appid{};
    std::vector<std::string> fields{}; // "Name: value", besides those that wx.request sends
    bool closes{false};                // a connection serves one request
};

// A GET as wx.request sends it; with a session token unless `bearer` is empty.
[[nodiscard]] std::string
get_request(const request_style& style, std::string_view target, std::string_view bearer = {});
// A POST of JSON, likewise.
[[nodiscard]] std::string
post_request(const request_style& style, std::string_view target, std::string_view json);

// A request with a place for a login code, which is filled in anew each time.
class code_request {
public:
    // `target` has "{code}" in it. Throws std::runtime_error when it has not.
    [[nodiscard]] static code_request by_get(const request_style& style, std::string target);
    // The code is in the body, a JSON object.
    [[nodiscard]] static code_request by_post(const request_style& style, std::string_view target);

    // Valid until the next call.
    [[nodiscard]] std::string_view with(std::string_view code) noexcept {
        code.copy(text_.data() + code_at_, code.size());
        return text_;
    }

private:
    explicit code_request(std::string text);

    std::string text_;
    std::size_t code_at_;
};

} // namespace wxlogind::load
