// A connection's way of taking a long body: piece by piece, for who handles the request.
#include "core/net/connection.hpp"

#include <algorithm>

namespace wxlogind::net {

namespace {

// What one upload takes in memory here, however long it is.
constexpr std::size_t piece_size = 64 * 1024;

} // namespace

connection::arrival connection::ask_for_long_body() {
    if (reader_.body_size() > group_->service.longest_body(reader_.incoming())) {
        reader_.refuse_long_body();
        return arrival::refused;
    }
    body_ = std::make_unique<arriving_body>(*this);
    enter(phase::handling);
    return arrival::request;
}

// The pieces lie in a block of their own: the request's views point into the connection's buffer.
task<result<std::string_view>> connection::arriving_body::next() {
    if (left_ == 0) co_return std::string_view{};
    if (!std::exchange(has_begun_, true)) {
        const std::string_view came_with_head =
            from_.buffer_.unread().substr(from_.reader_.head_end()).substr(0, left_);
        if (came_with_head.empty() && from_.reader_.owes_continue()) {
            const bool is_sent = co_await from_.send(continue_line);
            if (!is_sent) co_return failure{errc::invalid_request, "the client has gone"};
        }
        from_.enter(phase::body);
        if (!came_with_head.empty()) {
            left_ -= came_with_head.size();
            co_return came_with_head;
        }
    }
    if (!block_) block_ = std::make_unique_for_overwrite<char[]>(piece_size);
    const std::span<char> room{block_.get(), std::min(piece_size, left_)};
    const std::size_t received = co_await receive(room);
    if (received == 0 && from_.has_expired_)
        co_return failure{errc::request_timeout, "the body did not arrive in time"};
    if (received == 0) co_return failure{errc::invalid_request, "the client has gone"};
    left_ -= received;
    if (left_ == 0) from_.enter(phase::handling);
    co_return std::string_view{room.data(), received};
}

// 0: nothing more comes, or the time is up.
task<std::size_t> connection::arriving_body::receive(std::span<char> room) {
    if (from_.has_expired_ || from_.is_closing_) co_return 0;
    if (from_.tls_) co_return co_await from_.decipher_more(room);
    const auto [error, bytes] =
        co_await from_.socket_.async_read_some(asio::buffer(room.data(), room.size()), as_result);
    co_return error ? 0 : bytes;
}

} // namespace wxlogind::net
