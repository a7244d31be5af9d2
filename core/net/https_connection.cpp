#include "core/net/https_connection.hpp"

#include "core/net/reactor.hpp"

#include <algorithm>

namespace wxlogind::net {

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): input_ is only read after it was written
https_connection::https_connection(
    reactor& home, const https_upstream& upstream, tls_session_slot& sessions, std::size_t max_body)
    : deadlines_{home.deadlines()},
      socket_{home.get_executor()},
      tls_{upstream.tls, sessions, upstream.origin.host},
      reader_{max_body} {}

https_connection::~https_connection() = default;

void https_connection::expire(void* self) {
    auto& connection = *static_cast<https_connection*>(self);
    connection.is_late_ = true;
    // Not cancel(): an operation that has completed already is not cancelled, and the next would start.
    error_code ignored;
    connection.socket_.close(ignored);
}

void https_connection::close() noexcept {
    limit_.disarm();
    state_ = connection_state::closed;
    error_code ignored;
    socket_.close(ignored);
}

task<exchange_fault> https_connection::open(
    address_list::value_type to, std::chrono::milliseconds connect_timeout,
    std::chrono::milliseconds tls_timeout, steady_clock::time_point until) {
    deadlines_.arm(limit_, std::min(steady_clock::now() + connect_timeout, until));
    auto [error] = co_await socket_.async_connect(to, as_result);
    exchange_fault fault = exchange_fault::none;
    if (error || is_late_) {
        fault = exchange_fault::connect;
        trouble_ = is_late_ ? "no connection in time" : error.message();
    } else {
        happened(connection_event::connected);
        error_code ignored;
        socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
        socket_.non_blocking(true, ignored);
        deadlines_.arm(limit_, std::min(steady_clock::now() + tls_timeout, until));
        fault = co_await shake_hands();
    }
    limit_.disarm();
    if (fault != exchange_fault::none) {
        close();
        if (is_late_ && steady_clock::now() >= until) fault = exchange_fault::deadline;
        co_return fault;
    }
    happened(connection_event::secured);
    co_return exchange_fault::none;
}

task<exchange_fault> https_connection::shake_hands() {
    for (;;) {
        const tls_engine::step step = tls_.handshake();
        // Our last flight stays in the output: it goes out together with the request.
        if (step == tls_engine::step::done) co_return exchange_fault::none;
        auto error = co_await flush(); // also the alert that says why we give up
        if (step != tls_engine::step::want_input) {
            trouble_ = tls_.why();
            co_return exchange_fault::tls;
        }
        std::size_t count = 0;
        if (!error) {
            const auto buffer = asio::buffer(input_);
            std::tie(error, count) = co_await socket_.async_read_some(buffer, as_result);
        }
        if (error || is_late_) {
            trouble_ = is_late_ ? "no TLS handshake in time" : "TLS handshake: " + error.message();
            co_return exchange_fault::tls;
        }
        tls_.feed({input_.data(), count});
    }
}

// As much as the kernel takes at once; true when that is everything or there is an error.
bool https_connection::flush_some(error_code& error) {
    while (!tls_.output().empty()) {
        const std::string_view bytes = tls_.output();
        const std::size_t count = socket_.write_some(asio::buffer(bytes), error);
        if (error == asio::error::would_block) {
            error = {};
            return false;
        }
        if (error) return true;
        tls_.sent(count);
    }
    return true;
}

task<error_code> https_connection::flush() {
    error_code error;
    while (!flush_some(error)) {
        std::tie(error) = co_await socket_.async_wait(tcp_socket::wait_write, as_result);
        if (error) break;
    }
    co_return error;
}

task<exchange_outcome> https_connection::transact(
    const https_exchange& what, std::chrono::milliseconds first_byte_timeout, std::span<char> scratch) {
    using step = tls_engine::step;
    const auto until = what.until;
    exchange_outcome outcome;
    const auto now = steady_clock::now();
    if (now >= until) { // it was long in coming to a connection
        outcome.fault = exchange_fault::deadline;
        give_back();
        co_return outcome;
    }
    reader_.reset(what.wanted_fields);
    deadlines_.arm(limit_, std::min(now + first_byte_timeout, until));

    error_code error;
    const bool is_encrypted = tls_.write(what.request) == step::done;
    if (is_encrypted && !flush_some(error)) error = co_await flush();
    // While a byte of the record is still here, nobody can decipher it.
    outcome.was_sent = is_encrypted && tls_.output().empty();
    if (!outcome.was_sent || is_late_) {
        outcome.fault = fault_or_deadline(exchange_fault::closed);
        close();
        co_return outcome;
    }

    bool is_first = true;
    auto progress = response_reader::progress::more;
    auto fault = exchange_fault::closed; // unless something else is found out
    while (progress == response_reader::progress::more) {
        const auto buffer = asio::buffer(input_);
        const auto [read_error, received] = co_await socket_.async_read_some(buffer, as_result);
        if (read_error || is_late_) break; // also an end without close_notify: anybody can cut a connection
        tls_.feed({input_.data(), received});

        step last = step::done;
        while (last == step::done && progress == response_reader::progress::more) {
            std::size_t count = 0;
            last = tls_.read(scratch, count);
            if (last == step::done) {
                // Of the response, that is: session tickets are no sign of it.
                if (std::exchange(is_first, false)) deadlines_.arm(limit_, until);
                progress = reader_.feed({scratch.data(), count});
            }
            if (last == step::closed) progress = reader_.finish();
        }
        // The answer to a KeyUpdate. What the kernel does not take now goes out with the next request.
        if (!tls_.output().empty()) flush_some(error);
        if (last == step::failed) break;
        if (last == step::closed && progress == response_reader::progress::malformed) break;
        if (progress == response_reader::progress::malformed) fault = exchange_fault::bad_response;
    }
    limit_.disarm();
    if (progress != response_reader::progress::whole) {
        outcome.fault = fault_or_deadline(fault);
        close();
        co_return outcome;
    }
    outcome.status = reader_.status();
    outcome.body = reader_.take_body();
    outcome.fields = reader_.take_fields();
    if (!is_late_ && reader_.is_reusable() && is_clean(scratch))
        give_back();
    else
        close();
    co_return outcome;
}

// Whether nothing came but what was asked for. TLS 1.3 tickets may follow a response, and are read here.
bool https_connection::is_clean(std::span<char> scratch) {
    if (!tls_.has_leftover()) return true;
    std::size_t count = 0;
    return tls_.read(scratch, count) == tls_engine::step::want_input && !tls_.has_leftover();
}

bool https_connection::borrow(std::span<char> scratch) {
    happened(connection_event::borrowed);
    error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(input_), error);
    if (error == asio::error::would_block) return true;
    if (!error) {
        tls_.feed({input_.data(), count});
        if (is_clean(scratch)) return true;
    }
    close();
    return false;
}

void https_connection::give_back() {
    happened(connection_event::answered);
    idle_since_ = deadlines_.now();
    // Of a connection that was opened and not used: the end of the handshake.
    error_code error;
    if (!tls_.output().empty() && (!flush_some(error) || error)) close();
}

void https_connection::part() noexcept {
    error_code ignored;
    tls_.say_goodbye();
    flush_some(ignored);
    close();
}

} // namespace wxlogind::net
