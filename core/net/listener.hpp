// Accepts connections of one endpoint on one reactor.
#pragma once

#include "core/net/connection_group.hpp"
#include "core/net/listening_socket.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <atomic>
#include <chrono>
#include <memory>

namespace wxlogind::net {

// What to do after accept() has failed.
enum class accept_failure : std::uint8_t {
    nothing_left, // the queue is empty
    passing,      // this one connection is lost: go on
    exhausted,    // no descriptors or memory: pause
};

[[nodiscard]] accept_failure classify_accept_failure(int error_number) noexcept;

// Constructed on the main thread; from start() on it lives on its reactor's thread, but for what says so.
//
// Connections over the budget are accepted and told 503 at once, because a load balancer that is told goes
// elsewhere, and one that waits in a queue does not. Only so many are told at a time; beyond that they are
// closed without a word.
//
// Without descriptors accept() fails while the queue stays full: a loop would spin, and one that waits for
// the next event might never be woken. So the listener pauses, and gives up a descriptor that it holds in
// reserve to turn the first in the queue away.
class listener : public std::enable_shared_from_this<listener> {
public:
    listener(
        reactor& home, http_service& service, std::shared_ptr<const connection_rules> rules,
        std::shared_ptr<connection_budget> budget, file_descriptor socket, std::string path_to_remove);

    // Listens, so that clients can connect, and accepts. Main thread, once. Throws std::system_error.
    void start();

    // For connections that are accepted from now on. Posted to the reactor: any thread; before start() it
    // counts for the first one.
    void use_certificate(std::shared_ptr<const tls_server_context> tls);

    // For requests that begin from now on. Posted to the reactor: any thread.
    void use_rules(std::shared_ptr<const connection_rules> rules);
    // Any thread.
    [[nodiscard]] const connection_counts& counts() const noexcept { return group_->counts; }
    [[nodiscard]] bool is_internal() const noexcept { return is_internal_; }

    // The stages of a shutdown; each is posted to the reactor. Any thread.
    void stop_accepting(); // what is in the queue is still accepted; then the port is closed
    void finish_current_requests();
    void close_remaining();
    // The port is closed: nobody is accepted any more, and who was counts among the connections. Any thread.
    [[nodiscard]] bool is_closed() const noexcept { return is_closed_.load(std::memory_order_acquire); }

private:
    using descriptor = asio::posix::basic_stream_descriptor<executor>;

    static task<> accept_all(std::shared_ptr<listener> self);
    [[nodiscard]] accept_failure accept_queued();
    void welcome(file_descriptor accepted, asio::ip::address peer);
    void turn_first_away() noexcept;
    void close_door();

    const std::shared_ptr<connection_group> group_;
    const bool is_internal_;
    descriptor socket_;
    const std::string path_to_remove_;
    file_descriptor reserve_;
    steady_timer pause_;
    int exhausted_by_{0}; // why accept() failed, when it is for want of something
    bool is_stopping_{false};
    std::atomic<bool> is_closed_{false};
};

} // namespace wxlogind::net
