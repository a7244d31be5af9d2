#include "bench/wechat-sim/wire/tls_listener.hpp"

#include "bench/wechat-sim/wire/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <sys/socket.h>

namespace wxlogind::wechat_sim {

namespace {

// After a failed accept, which means no file descriptors: do not spin.
constexpr std::chrono::milliseconds accept_pause{50};

} // namespace

tcp_acceptor listen_on(const asio::ip::tcp::endpoint& where, lane& home) {
    using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    tcp_acceptor acceptor{home.io.get_executor()};
    acceptor.open(where.protocol());
    acceptor.set_option(asio::socket_base::reuse_address{true});
    acceptor.set_option(reuse_port{true});
    acceptor.bind(where);
    acceptor.listen();
    return acceptor;
}

tls_listener::tls_listener(
    tcp_acceptor acceptor, tls_contexts& contexts, responder& answers, faults& wrongs, lane& home,
    std::size_t max_connections)
    : acceptor_{std::move(acceptor)},
      contexts_{contexts},
      responder_{answers},
      faults_{wrongs},
      lane_{home},
      max_connections_{max_connections} {}

void tls_listener::start() {
    asio::co_spawn(lane_.io, accept(), asio::detached);
}

task<> tls_listener::accept() {
    steady_timer pause{lane_.io.get_executor()};
    for (;;) {
        auto [error, socket] = co_await acceptor_.async_accept(as_result);
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            pause.expires_after(accept_pause);
            co_await pause.async_wait(as_result);
            continue;
        }
        if (lane_.counts.connections - lane_.counts.closed >= max_connections_) {
            counters::count(lane_.counts.refused);
            continue;
        }
        welcome(std::move(socket));
    }
}

void tls_listener::welcome(tcp_socket socket) {
    const fault_pointer fault = faults_.strike_accept();
    if (fault) counters::count(lane_.counts.faults);
    if (fault && fault->kind == fault_kind::refuse_accept) {
        counters::count(lane_.counts.refused);
        error_code ignored;
        socket.set_option(asio::socket_base::linger{true, 0}, ignored);
        return;
    }
    const bool stalls = fault && fault->kind == fault_kind::tls_stall;
    auto& context = contexts_.showing(fault ? fault->shown : certificate_kind::good);
    auto accepted = std::make_shared<connection>(std::move(socket), context, responder_, lane_);
    auto course = stalls ? connection::stall(std::move(accepted)) : connection::serve(std::move(accepted));
    asio::co_spawn(lane_.io, std::move(course), asio::detached);
}

} // namespace wxlogind::wechat_sim
