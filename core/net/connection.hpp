// One client's connection: requests in, answers out, one at a time and in order.
#pragma once

#include "core/base/async.hpp"
#include "core/net/connection_group.hpp"
#include "core/net/deadlines.hpp"
#include "core/net/http_reader.hpp"
#include "core/net/receive_buffer.hpp"
#include "core/net/tls_channel.hpp"
#include "core/net/trace_context.hpp"

#include <exception>
#include <memory>
#include <string_view>

namespace wxlogind::net {

inline constexpr std::string_view continue_line{"HTTP/1.1 100 Continue\r\n\r\n"};

// Lives in its own coroutine, on its reactor's thread.
//
// Nothing is read while a request is handled, so that a client that pipelines is held back by TCP. Requests
// that have arrived already are served in order. All waits stand under the one deadline of the connection:
// absolute for a header, a body, a response and an idle pause.
class connection {
public:
    // `peer` is unspecified for a Unix socket. Takes no place in the budget: that is the listener's business
    // before, and is given back here unless the connection is turned away.
    connection(
        std::shared_ptr<connection_group> group, stream_socket socket, asio::ip::address peer,
        bool is_turned_away);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Serves the connection until it ends; one that is turned away gets a 503 and is closed. Exceptions are
    // logged and end this connection alone.
    static void start(std::unique_ptr<connection> self);

    // Of connection_group: see there.
    void finish() noexcept;
    void close() noexcept;

private:
    friend class connection_group;

    // What the connection waits for. Each has its own time.
    enum class phase : std::uint8_t {
        handling, // no deadline: the handler has its own
        idle,
        header,
        body,
        writing,
        lingering,
    };
    enum class arrival : std::uint8_t {
        request,
        refused,
        nothing, // the connection has ended
    };

    // Of a request whose body is long, and was not read with its head.
    class arriving_body final : public long_body {
    public:
        explicit arriving_body(connection& from) : from_{from}, left_{from.reader_.body_size()} {}

        task<result<std::string_view>> next() override;
        [[nodiscard]] std::size_t size() const noexcept override { return from_.reader_.body_size(); }
        [[nodiscard]] bool is_at_end() const noexcept { return left_ == 0; }

    private:
        task<std::size_t> receive(std::span<char> room);

        connection& from_;
        std::size_t left_;
        bool has_begun_{false};
        std::unique_ptr<char[]> block_; // for a piece
    };

    static task<> run(std::unique_ptr<connection> self);
    static void log_escaped(const std::exception_ptr& thrown, std::string_view where);
    task<> serve();
    task<bool> learn_peer();
    task<bool> shake_hands();
    task<arrival> receive();
    void follow_rules() noexcept;
    task<bool> receive_more();
    task<std::size_t> receive_ciphertext();
    [[nodiscard]] arrival ask_for_long_body();
    task<std::size_t> decipher_more(std::span<char> room);
    task<bool> answer_request();
    task<response> handle(const request& incoming);
    task<> answer_refusal(failure why);
    task<bool> send(std::string_view bytes);
    task<bool> send_raw(std::string_view bytes);
    task<bool> send_ciphertext();
    task<bool> send_rendered();
    [[nodiscard]] std::size_t take_last_bytes(const error_code& why, std::span<char> into) noexcept;
    task<> linger();
    void say_goodbye() noexcept;

    void enter(phase next) noexcept;
    [[nodiscard]] milliseconds time_for(phase next) const noexcept;
    void name_request(request& incoming);
    void join_trace(request& incoming);
    [[nodiscard]] bool is_body_left() const noexcept { return body_ && !body_->is_at_end(); }
    [[nodiscard]] bool is_last(const response& outgoing) const noexcept;
    void render_answer(const response& outgoing, std::string_view id, bool closes, bool omits_body);
    void expire() noexcept;

    const std::shared_ptr<connection_group> group_;
    stream_socket socket_;
    // Who speaks: the other end of the socket, or for whom that proxy says that it speaks.
    asio::ip::address peer_;
    bool is_peer_trusted_;
    bool is_peer_told_{false}; // by a PROXY header
    unsigned rules_version_;
    const bool is_turned_away_;
    bool has_expired_{false};
    bool is_closing_{false};
    phase phase_{phase::handling};
    std::size_t served_{0};
    receive_buffer buffer_;
    http_reader reader_;
    std::unique_ptr<tls_channel> tls_;    // nothing: the connection is plain
    std::unique_ptr<arriving_body> body_; // of the request that is handled, if it is long
    deadline deadline_;
    request_ids::text id_{};
    trace_text trace_{};                       // of the request, where it has one
    stage_times stages_{};                     // of the request
    steady_clock::time_point reading_since_{}; // of a request that came in pieces

    // The group's list.
    connection* next_{nullptr};
    connection** link_{nullptr};
};

} // namespace wxlogind::net
