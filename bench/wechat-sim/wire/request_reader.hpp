// Bytes become requests. Independent of the reader in wxlogind, so that the two do not share their errors.
#pragma once

#include "bench/wechat-sim/wire/request.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace wxlogind::wechat_sim {

enum class read_state : std::uint8_t {
    needs_more, // read into space(), call filled()
    has_request,
    is_chunked,  // a request whose body is chunked: WeChat answers 412 and reads no further
    is_too_long, // the head or the body is over the limit
    is_broken,   // not HTTP
};

// One request at a time; what came behind it stays for the next. Not thread-safe.
class request_reader {
public:
    // `max_bytes` bounds head and body together.
    explicit request_reader(std::size_t max_bytes);

    [[nodiscard]] boost::asio::mutable_buffer space();
    void filled(std::size_t bytes) { filled_ += bytes; }

    // Looks at what has been read. The request is good until drop_request().
    [[nodiscard]] read_state look(request& found);
    void drop_request();

private:
    [[nodiscard]] read_state read_head(std::string_view head, request& found);

    std::vector<char> bytes_;
    std::size_t max_bytes_;
    std::size_t filled_ = 0;
    std::size_t request_size_ = 0; // head and body of the request that look() found
    std::size_t body_size_ = 0;
};

} // namespace wxlogind::wechat_sim
