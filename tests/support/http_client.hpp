// A blocking HTTP client for tests: what it sends is exactly what the test says, every wait is bounded.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace wxlogind::test {

struct http_reply {
    unsigned status{0};                             // 0 = the connection ended without a whole reply
    std::multimap<std::string, std::string> fields; // names in lower case
    std::string body;

    // The value of the only field of that name; "" when absent. Throws when there are several.
    [[nodiscard]] std::string field(std::string_view lower_case_name) const;
};

class overheard; // overheard.hpp

// One TCP connection to "127.0.0.1:port", or Unix socket "unix:/path". Throws std::runtime_error when it
// cannot be opened.
class http_connection {
public:
    explicit http_connection(
        std::string_view address, std::chrono::milliseconds patience = std::chrono::seconds{20});
    ~http_connection();
    http_connection(http_connection&& other) noexcept;
    http_connection& operator=(http_connection&&) = delete;

    // Throws std::runtime_error when the peer has closed.
    void send(std::string_view bytes);
    // Reads one reply. For an answer to HEAD say so: it has no body.
    http_reply receive(bool is_head = false);
    http_reply exchange(std::string_view bytes) {
        send(bytes);
        return receive();
    }
    // Whether the peer closes (or resets) within `at_most`; what it sends before is dropped.
    bool closes_within(std::chrono::milliseconds at_most);
    // No FIN: the peer sees a reset.
    void reset();
    [[nodiscard]] int native_handle() const noexcept { return fd_; }

private:
    http_reply read_reply(bool is_head);
    bool fill(std::chrono::steady_clock::time_point limit); // false = end or error

    int fd_{-1};
    std::chrono::milliseconds patience_;
    std::string buffer_;
    std::shared_ptr<overheard> ear_; // nullptr = nobody listens
};

// "GET /path HTTP/1.1" with Host and `more` fields ("Name: value\r\n" each).
[[nodiscard]] std::string get_request(std::string_view target, std::string_view more = {});
[[nodiscard]] std::string
post_json_request(std::string_view target, std::string_view body, std::string_view more = {});

// One request on a connection of its own.
http_reply http_get(std::string_view address, std::string_view target, std::string_view more = {});
http_reply http_post(
    std::string_view address, std::string_view target, std::string_view body, std::string_view more = {});

// Any method, with JSON as the body unless that is empty.
http_reply http_call(
    std::string_view address, std::string_view method, std::string_view target, std::string_view body = {},
    std::string_view more = {});

} // namespace wxlogind::test
