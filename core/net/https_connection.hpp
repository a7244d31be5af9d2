// One TLS connection to a server and the HTTP exchanges on it, one after the other.
#pragma once

#include "core/net/deadlines.hpp"
#include "core/net/https_pool.hpp"
#include "core/net/pool_rules.hpp"
#include "core/net/response_reader.hpp"
#include "core/net/tls_engine.hpp"

#include <array>
#include <span>

namespace wxlogind::net {

// The reactor's thread only. Whoever destroys it while a task runs destroys the task as well.
class https_connection {
public:
    https_connection(
        reactor& home, const https_upstream& upstream, tls_session_slot& sessions, std::size_t max_body);
    ~https_connection();
    https_connection(const https_connection&) = delete;
    https_connection& operator=(const https_connection&) = delete;

    [[nodiscard]] connection_state state() const noexcept { return state_; }
    [[nodiscard]] bool is_resumed() const noexcept { return tls_.is_resumed(); }
    // Whether a deadline has ended it.
    [[nodiscard]] bool is_late() const noexcept { return is_late_; }
    // Why open() failed, for the log.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    [[nodiscard]] steady_clock::time_point idle_since() const noexcept { return idle_since_; }

    // Connects and shakes hands; busy afterwards. none, connect, tls, or deadline when `until` came first.
    task<exchange_fault> open(
        address_list::value_type to, std::chrono::milliseconds connect_timeout,
        std::chrono::milliseconds tls_timeout, steady_clock::time_point until);

    // Sends the request and reads the response until `what.until`; idle afterwards when another exchange may
    // follow, else closed. `scratch` is for plain bytes between two suspensions: it may be shared by the
    // connections of a reactor.
    task<exchange_outcome> transact(
        const https_exchange& what, std::chrono::milliseconds first_byte_timeout, std::span<char> scratch);

    // Takes it for an exchange. False, and closed, when the peer has closed it or said something unasked.
    [[nodiscard]] bool borrow(std::span<char> scratch);

    // Gives it back unused.
    void give_back();

    // Tells the peer, as far as that needs no waiting, and closes.
    void part() noexcept;

private:
    static void expire(void* self);
    void happened(connection_event event) noexcept { state_ = next_state(state_, event); }
    void close() noexcept;
    task<exchange_fault> shake_hands();
    task<error_code> flush();
    bool flush_some(error_code& error);
    bool is_clean(std::span<char> scratch);
    exchange_fault fault_or_deadline(exchange_fault fault) const noexcept {
        return is_late_ ? exchange_fault::deadline : fault;
    }

    deadline_wheel& deadlines_;
    tcp_socket socket_;
    tls_engine tls_;
    response_reader reader_;
    deadline limit_{this, &https_connection::expire};
    bool is_late_{false};
    connection_state state_{connection_state::connecting};
    steady_clock::time_point idle_since_{};
    std::string trouble_{};
    std::array<char, 4096> input_; // ciphertext; larger records are put together by OpenSSL
};

} // namespace wxlogind::net
