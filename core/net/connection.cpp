#include "core/net/connection.hpp"

#include "core/base/log.hpp"
#include "core/net/proxy_header.hpp"

#include <boost/asio/co_spawn.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace wxlogind::net {

namespace {

// How long and for how many bytes a connection is drained after its last answer. Closing with unread bytes
// would make the kernel send RST, and the client might lose the answer with it.
constexpr milliseconds linger_time{2000};
constexpr std::size_t linger_bytes = 1 << 20;

// While the server leaves: from then on, for the first request of a connection.
constexpr milliseconds first_request_time{1000};

} // namespace

connection::connection(
    std::shared_ptr<connection_group> group, stream_socket socket, asio::ip::address peer,
    bool is_turned_away)
    : group_{std::move(group)},
      socket_{std::move(socket)},
      peer_{std::move(peer)},
      is_peer_trusted_{group_->rules->trusted_proxies.contains_peer(peer_)},
      rules_version_{group_->rules_version},
      is_turned_away_{is_turned_away},
      reader_{group_->rules->limits},
      deadline_{this, [](void* self) { static_cast<connection*>(self)->expire(); }} {
    if (is_turned_away_) ++group_->turned_away;
    group_->enlist(*this);
}

connection::~connection() {
    group_->strike_off(*this);
    if (is_turned_away_)
        --group_->turned_away;
    else
        group_->budget->give_back();
}

void connection::start(std::unique_ptr<connection> self) {
    const executor home = self->group_->home.get_executor();
    asio::co_spawn(home, run(std::move(self)), [](const std::exception_ptr& thrown) {
        if (thrown) log_escaped(thrown, "connection");
    });
}

void connection::log_escaped(const std::exception_ptr& thrown, std::string_view where) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        log_error("an exception ended a request", {{"where", where}, {"what", e.what()}});
    } catch (...) {
        log_error("an exception ended a request", {{"where", where}});
    }
}

task<> connection::run(std::unique_ptr<connection> self) {
    if (self->is_turned_away_) {
        // A handshake costs more than a connection over the budget is worth.
        if (self->group_->tls) co_return;
        failure full{errc::overloaded, "too many connections"};
        co_await self->answer_refusal(std::move(full));
    } else {
        co_await self->serve();
        self->say_goodbye();
    }
}

task<> connection::serve() {
    if (is_peer_trusted_ && group_->rules->expects_proxy_header) {
        const bool is_told = co_await learn_peer();
        if (!is_told) co_return;
    }
    if (group_->tls) {
        const bool is_secure = co_await shake_hands();
        if (!is_secure) co_return;
    }
    for (;;) {
        const arrival what = co_await receive();
        if (what == arrival::nothing) co_return;
        if (what == arrival::refused) {
            failure why = has_expired_ ? failure{errc::request_timeout, "the request did not arrive in time"}
                                       : reader_.why();
            co_await answer_refusal(std::move(why));
            co_return;
        }
        const bool goes_on = co_await answer_request();
        if (!goes_on) co_return;
    }
}

// From a PROXY header, which has to be whole before anything else counts. False: there is none.
task<bool> connection::learn_peer() {
    for (;;) {
        const proxy_header header = read_proxy_header(buffer_.unread());
        if (header.step == proxy_header::reading::is_there) {
            buffer_.consume(header.size);
            if (header.client) {
                peer_ = *header.client;
                is_peer_told_ = true;
                is_peer_trusted_ = group_->rules->trusted_proxies.contains(peer_);
            }
            co_return true;
        }
        if (header.step == proxy_header::reading::is_wrong) {
            if (!std::exchange(group_->has_missed_proxy_header, true))
                log_warning(
                    "a trusted proxy's connection begins with no PROXY header, and is closed: has the proxy "
                    "been told to send one?",
                    {{"proxy", peer_.to_string()}});
            co_return false;
        }
        enter(phase::header);
        const bool is_more = co_await receive_more();
        if (!is_more) co_return false;
    }
}

task<connection::arrival> connection::receive() {
    for (;;) {
        if (rules_version_ != group_->rules_version && !reader_.has_begun()) follow_rules();
        switch (reader_.read(buffer_.unread())) {
        case http_reader::reading::has_request:
            enter(phase::handling);
            stages_ = {};
            if (reading_since_ != steady_clock::time_point{})
                stages_.read = steady_clock::now() - std::exchange(reading_since_, {});
            co_return arrival::request;
        case http_reader::reading::has_long_head:
            stages_ = {}; // its body is read by who handles it
            reading_since_ = {};
            co_return ask_for_long_body();
        case http_reader::reading::is_refused: co_return arrival::refused;
        case http_reader::reading::owes_continue: {
            const bool is_sent = co_await send(continue_line);
            if (!is_sent) co_return arrival::nothing;
            continue;
        }
        case http_reader::reading::needs_bytes: break;
        }
        enter(reader_.has_head() ? phase::body : reader_.has_begun() ? phase::header : phase::idle);
        if (phase_ != phase::idle && reading_since_ == steady_clock::time_point{})
            reading_since_ = steady_clock::now();
        const bool is_more = co_await receive_more();
        if (is_more) continue;
        const bool is_late = has_expired_ && phase_ != phase::idle && !is_closing_;
        co_return is_late ? arrival::refused : arrival::nothing;
    }
}

// Those that count since a reload. A proxy that is not trusted any more is not believed from here on.
void connection::follow_rules() noexcept {
    const connection_rules& rules = *group_->rules;
    rules_version_ = group_->rules_version;
    reader_.keep_to(rules.limits);
    is_peer_trusted_ =
        is_peer_told_ ? rules.trusted_proxies.contains(peer_) : rules.trusted_proxies.contains_peer(peer_);
}

// False: nothing more comes, or the time is up.
task<bool> connection::receive_more() {
    const std::span<char> room = buffer_.room_for(reader_.wanted_size());
    if (tls_) {
        const std::size_t deciphered = co_await decipher_more(room);
        buffer_.received(deciphered);
        co_return deciphered != 0;
    }
    if (has_expired_ || is_closing_) co_return false;
    const auto [error, bytes] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_result);
    const std::size_t received = error ? take_last_bytes(error, room) : bytes;
    buffer_.received(received);
    co_return received != 0;
}

// Drained while idle. A request may have arrived in that very moment: it is answered, not lost.
std::size_t connection::take_last_bytes(const error_code& why, std::span<char> into) noexcept {
    if (why != asio::error::operation_aborted || has_expired_ || is_closing_) return 0;
    const ssize_t last = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    return static_cast<std::size_t>(std::max<ssize_t>(last, 0));
}

task<bool> connection::send(std::string_view bytes) {
    enter(phase::writing);
    if (!tls_) co_return co_await send_raw(bytes);
    constexpr std::size_t record = 16384;
    while (!bytes.empty()) {
        if (tls_->engine().write(bytes.substr(0, record)) != tls_engine::step::done) co_return false;
        bytes.remove_prefix(std::min(bytes.size(), record));
        const bool is_sent = co_await send_ciphertext();
        if (!is_sent) co_return false;
    }
    co_return true;
}

task<bool> connection::send_raw(std::string_view bytes) {
    while (!bytes.empty()) {
        if (has_expired_ || is_closing_) co_return false;
        const auto [error, sent] =
            co_await socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()), as_result);
        if (error) co_return false;
        bytes.remove_prefix(sent);
    }
    co_return true;
}

task<> connection::linger() {
    enter(phase::lingering);
    say_goodbye();
    ::shutdown(socket_.native_handle(), SHUT_WR);
    std::size_t drained = 0;
    buffer_.consume(buffer_.unread().size());
    while (drained < linger_bytes && !has_expired_ && !is_closing_) {
        const std::span<char> room = buffer_.room_for(1);
        const auto [error, bytes] =
            co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_result);
        if (error) break;
        drained += bytes;
    }
}

void connection::enter(phase next) noexcept {
    if (next == phase_) return;
    phase_ = next;
    has_expired_ = false; // what the connection waited for has come, if only in the last moment
    if (next == phase::handling) {
        deadline_.disarm();
        return;
    }
    // The wheel's time is up to a tick old: one more, so that nobody is cut off early.
    deadline_wheel& wheel = group_->home.deadlines();
    wheel.arm(deadline_, wheel.now() + time_for(next) + deadline_wheel::tick);
}

milliseconds connection::time_for(phase next) const noexcept {
    const connection_rules& rules = *group_->rules;
    switch (next) {
    case phase::idle: return group_->is_draining ? rules.header_timeout : rules.keep_alive_timeout;
    case phase::header: return rules.header_timeout;
    // What is long may take longer, at 32 KiB a second.
    case phase::body: return rules.body_timeout + milliseconds{body_ ? reader_.body_size() / 32 : 0};
    case phase::writing: return rules.write_timeout;
    case phase::lingering:
    case phase::handling: break;
    }
    return linger_time;
}

void connection::expire() noexcept {
    has_expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void connection::finish() noexcept {
    if (phase_ != phase::idle) return;
    // Whoever has just connected is about to ask, and has been promised nothing less than an answer.
    if (served_ == 0) {
        deadline_wheel& wheel = group_->home.deadlines();
        wheel.arm(deadline_, wheel.now() + first_request_time + deadline_wheel::tick);
        return;
    }
    error_code ignored;
    socket_.cancel(ignored);
}

// The descriptor stays open until the coroutine ends: another connection must not get its number while a
// handler still asks for this client.
void connection::close() noexcept {
    is_closing_ = true;
    ::shutdown(socket_.native_handle(), SHUT_RDWR);
    error_code ignored;
    socket_.cancel(ignored);
}

} // namespace wxlogind::net
