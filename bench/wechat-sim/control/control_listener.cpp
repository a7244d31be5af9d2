#include "bench/wechat-sim/control/control_listener.hpp"

#include "bench/wechat-sim/wire/request_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_order_bytes = std::size_t{16} * 1024 * 1024; // a fault may bring its own body
constexpr std::size_t max_connections = 256;

control_reply refuse(read_state why) {
    switch (why) {
    case read_state::is_chunked: return {411, "application/json", R"({"error":"Content-Length is missing"})"};
    case read_state::is_too_long: return {413, "application/json", R"({"error":"too long"})"};
    default: return {400, "application/json", R"({"error":"this is not HTTP/1.1"})"};
    }
}

} // namespace

control_listener::control_listener(tcp_acceptor acceptor, const control_targets& targets, lane& home)
    : acceptor_{std::move(acceptor)}, targets_{targets}, lane_{home} {}

void control_listener::start() {
    asio::co_spawn(lane_.io, accept(), asio::detached);
}

task<> control_listener::accept() {
    steady_timer pause{lane_.io.get_executor()};
    for (;;) {
        auto [error, socket] = co_await acceptor_.async_accept(as_result);
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            pause.expires_after(std::chrono::milliseconds{50});
            co_await pause.async_wait(as_result);
            continue;
        }
        if (open_ < max_connections) asio::co_spawn(lane_.io, converse(std::move(socket)), asio::detached);
    }
}

task<> control_listener::converse(tcp_socket socket) {
    ++open_;
    request_reader reader{max_order_bytes};
    bool keeps_alive = true;
    while (keeps_alive) {
        request order;
        read_state state = reader.look(order);
        while (state == read_state::needs_more) {
            const auto room = reader.space();
            const auto [error, bytes] = co_await socket.async_read_some(room, as_result);
            if (error) break;
            reader.filled(bytes);
            state = reader.look(order);
        }
        if (state == read_state::needs_more) break; // the client has gone
        const bool is_order = state == read_state::has_request;
        control_reply reply = is_order ? carry_out(order, targets_) : refuse(state);
        keeps_alive = is_order && order.keeps_alive;
        answer made;
        made.status = reply.status;
        made.content_type = reply.content_type;
        made.body = std::move(reply.body);
        std::string out;
        append_response(out, made, lane_.date.at(targets_.everything.now()), keeps_alive);
        const auto [error, written] = co_await asio::async_write(socket, asio::buffer(out), as_result);
        if (error) break;
        if (is_order) reader.drop_request();
    }
    --open_;
}

} // namespace wxlogind::wechat_sim
