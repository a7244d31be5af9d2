// One TLS connection of a client, from the handshake to its end.
#pragma once

#include "bench/wechat-sim/lane.hpp"
#include "bench/wechat-sim/responder.hpp"
#include "bench/wechat-sim/wire/request_reader.hpp"
#include "bench/wechat-sim/wire/tls_contexts.hpp"
#include "core/base/async.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string>

namespace wxlogind::wechat_sim {

// Lives on one lane.
class connection : public std::enable_shared_from_this<connection> {
public:
    connection(tcp_socket socket, asio::ssl::context& context, responder& answers, lane& home);

    // Runs until the connection has ended. Spawned with the owner as an argument, which keeps it alive.
    static task<> serve(std::shared_ptr<connection> self);
    // Takes what comes and never says a word, until the client goes.
    static task<> stall(std::shared_ptr<connection> self);

private:
    task<> converse();
    task<bool> shake_hands();
    // False: the connection ends without a word, or after the one that was said.
    task<bool> read_request(request& found);
    task<bool> answer_request(const request& asked);
    task<bool> write(std::string_view bytes);
    task<bool> deliver(const delivery& what);
    task<> wait(std::chrono::milliseconds how_long);
    task<> close();
    task<> cut();
    task<> wait_for_goodbye();
    void limit_goodbye();
    void reset();

    asio::ssl::stream<tcp_socket> stream_;
    steady_timer timer_;
    responder& responder_;
    lane& lane_;
    request_reader reader_;
    std::string client_ip_;
    std::string out_;
};

} // namespace wxlogind::wechat_sim
