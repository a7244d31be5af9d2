// Accepts connections for one lane.
#pragma once

#include "bench/wechat-sim/lane.hpp"
#include "bench/wechat-sim/responder.hpp"
#include "bench/wechat-sim/wire/tls_contexts.hpp"
#include "core/base/async.hpp"

namespace wxlogind::wechat_sim {

// Any lane's listener may share its port with the others': the kernel deals connections out.
[[nodiscard]] tcp_acceptor listen_on(const asio::ip::tcp::endpoint& where, lane& home);

class tls_listener {
public:
    // Connections beyond `max_connections` are closed at once.
    tls_listener(
        tcp_acceptor acceptor, tls_contexts& contexts, responder& answers, faults& wrongs, lane& home,
        std::size_t max_connections);

    // Accepts until the lane is stopped. The listener outlives the lane's loop.
    void start();

private:
    task<> accept();
    void welcome(tcp_socket socket);

    tcp_acceptor acceptor_;
    tls_contexts& contexts_;
    responder& responder_;
    faults& faults_;
    lane& lane_;
    std::size_t max_connections_;
};

} // namespace wxlogind::wechat_sim
