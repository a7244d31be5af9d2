#include "bench/wechat-sim/wire/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_request_bytes = std::size_t{64} * 1024;
// How long a client may take to answer a goodbye.
constexpr std::chrono::seconds goodbye_limit{1};

} // namespace

connection::connection(tcp_socket socket, asio::ssl::context& context, responder& answers, lane& home)
    : stream_{std::move(socket), context},
      timer_{home.io.get_executor()},
      responder_{answers},
      lane_{home},
      reader_{max_request_bytes} {
    error_code ignored;
    stream_.next_layer().set_option(asio::ip::tcp::no_delay{true}, ignored);
    client_ip_ = stream_.next_layer().remote_endpoint(ignored).address().to_string();
}

task<> connection::serve(std::shared_ptr<connection> self) {
    counters::count(self->lane_.counts.connections);
    co_await self->converse();
    counters::count(self->lane_.counts.closed);
}

task<> connection::stall(std::shared_ptr<connection> self) {
    counters::count(self->lane_.counts.connections);
    co_await self->wait_for_goodbye();
    counters::count(self->lane_.counts.closed);
}

task<> connection::converse() {
    if (!co_await shake_hands()) co_return;
    request asked;
    while (co_await read_request(asked)) {
        const bool goes_on = co_await answer_request(asked);
        if (!goes_on) co_return;
        reader_.drop_request();
    }
}

task<bool> connection::shake_hands() {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    if (error) {
        counters::count(lane_.counts.failed_handshakes);
        co_return false;
    }
    counters::count(lane_.counts.handshakes);
    if (SSL_session_reused(stream_.native_handle()) == 1) counters::count(lane_.counts.resumed);
    co_return true;
}

task<bool> connection::read_request(request& found) {
    for (;;) {
        const read_state state = reader_.look(found);
        if (state == read_state::has_request) co_return true;
        if (state == read_state::is_chunked) {
            out_.clear();
            responder_.refuse_chunked(lane_, out_);
            if (co_await write(out_)) co_await close();
            co_return false;
        }
        if (state != read_state::needs_more) {
            co_await close();
            co_return false;
        }
        const auto room = reader_.space();
        const auto [error, bytes] = co_await stream_.async_read_some(room, as_result);
        if (error) {
            // A client that said goodbye gets ours.
            if (error == asio::error::eof) co_await close();
            co_return false;
        }
        reader_.filled(bytes);
    }
}

task<bool> connection::answer_request(const request& asked) {
    out_.clear();
    const auto special = responder_.respond(asked, client_ip_, lane_, out_);
    if (special) co_return co_await deliver(*special);
    const bool is_written = co_await write(out_);
    if (is_written && !asked.keeps_alive) co_await close();
    co_return is_written&& asked.keeps_alive;
}

task<bool> connection::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto [error, written] = co_await stream_.async_write_some(asio::buffer(bytes), as_result);
        if (error) co_return false;
        bytes.remove_prefix(written);
    }
    co_return true;
}

task<bool> connection::deliver(const delivery& what) {
    for (const wire_step& step : what.steps) {
        co_await wait(step.pause);
        if (!co_await write(step.bytes)) co_return false;
    }
    co_await wait(what.linger);
    switch (what.then) {
    case ending::keep: co_return true;
    case ending::close: co_await close(); break;
    case ending::cut: co_await cut(); break;
    case ending::reset: reset(); break;
    case ending::hang: co_await wait_for_goodbye(); break;
    }
    co_return false;
}

task<> connection::wait(std::chrono::milliseconds how_long) {
    if (how_long.count() == 0) co_return;
    timer_.expires_after(how_long);
    co_await timer_.async_wait(as_result);
}

task<> connection::close() {
    // Asio waits for the peer's close_notify; the limit is for peers that owe it.
    limit_goodbye();
    co_await stream_.async_shutdown(as_result);
    timer_.cancel();
    error_code ignored;
    stream_.next_layer().shutdown(tcp_socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
}

task<> connection::cut() {
    error_code ignored;
    stream_.next_layer().shutdown(tcp_socket::shutdown_send, ignored);
    limit_goodbye();
    co_await wait_for_goodbye();
    timer_.cancel();
}

void connection::limit_goodbye() {
    timer_.expires_after(goodbye_limit);
    timer_.async_wait([self = shared_from_this()](error_code error) {
        error_code ignored;
        if (!error) self->stream_.next_layer().cancel(ignored);
    });
}

task<> connection::wait_for_goodbye() {
    for (;;) {
        std::array<char, 1024> unwanted; // NOLINT(cppcoreguidelines-pro-type-member-init)
        const auto room = asio::buffer(unwanted);
        const auto [error, bytes] = co_await stream_.next_layer().async_read_some(room, as_result);
        if (error) co_return;
    }
}

void connection::reset() {
    error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::linger{true, 0}, ignored);
    stream_.next_layer().close(ignored);
}

} // namespace wxlogind::wechat_sim
