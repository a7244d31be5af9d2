// The connections of one thread, and their bytes.
#pragma once

#include "bench/load/drive/client_connection.hpp"
#include "bench/load/drive/readiness.hpp"
#include "bench/load/wire/reply_scanner.hpp"

#include <array>
#include <deque>
#include <vector>

namespace wxlogind::load {

// Who asked. Called from within connection_set::wait.
class reply_taker {
public:
    // The reply's text is gone when this returns; the connection is free after that.
    virtual void take_reply(client_connection& on, const scanned_reply& reply) = 0;
    // There will be none; `why` in a word. The connection is closed after that.
    virtual void take_loss(client_connection& on, std::string_view why) = 0;
    // After either: there is a free connection again.
    virtual void go_on() = 0;

protected:
    ~reply_taker() = default;
};

class connection_set {
public:
    // Both outlive it.
    connection_set(const load_plan& plan, reply_taker& taker);

    // One without a request, kept or about to be opened; nullptr when none can be opened (errno tells why).
    [[nodiscard]] client_connection* take_free(listener where);
    // One that is held open for its own sake: the taker gets its replies, and nobody else uses it. Not open
    // yet.
    [[nodiscard]] client_connection& add_parked();
    // Opens a closed one of these. false when that fails at once (errno tells why).
    [[nodiscard]] bool open(client_connection& on);

    // A request, on a connection that was taken. Trouble is told later.
    void send(client_connection& on, std::string_view bytes);

    // Closes one that was taken, without a word to the taker.
    void give_up(client_connection& on);

    // Waits until something happens, for at most `at_most`, and deals with it.
    void wait(nanoseconds at_most);

    [[nodiscard]] std::uint64_t opened() const noexcept { return opened_; }

private:
    void close(client_connection& on);
    void flush(client_connection& on);
    void handle(client_connection& on, std::uint32_t events);
    void receive(client_connection& on, bool has_ended);
    [[nodiscard]] bool take_bytes(client_connection& on, std::string_view bytes, bool has_ended);
    void lose(client_connection& on, std::string_view why);
    void release(client_connection& on, bool closes);

    const load_plan& plan_;
    reply_taker& taker_;
    readiness readiness_{};
    std::deque<client_connection> connections_{};
    std::array<std::vector<client_connection*>, 2> idle_{}; // by listener, the latest used last
    std::vector<client_connection*> closed_{};
    std::vector<char> scratch_;
    std::uint64_t opened_{0};
};

// What errno means to somebody who counts failures.
[[nodiscard]] std::string_view name_of_loss(int error) noexcept;

} // namespace wxlogind::load
