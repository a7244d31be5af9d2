#include "core/net/listener.hpp"

#include "core/base/essential_loop.hpp"
#include "core/base/log.hpp"
#include "core/net/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace wxlogind::net {

namespace {

// The kernel caps it at net.core.somaxconn.
constexpr int backlog = 4096;
// Accepted in one go before other connections of the reactor get their turn.
constexpr int accepted_at_once = 64;
// Connections over the budget that are being answered at a time, on one listener.
constexpr std::size_t most_turned_away = 64;
constexpr milliseconds shortest_pause{50};
constexpr milliseconds longest_pause{200};

asio::ip::address address_of(const sockaddr_storage& from) {
    if (from.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return asio::ip::address_v4{ntohl(v4.sin_addr.s_addr)};
    }
    if (from.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &from, sizeof v6);
        asio::ip::address_v6::bytes_type bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return asio::ip::address_v6{bytes};
    }
    return {};
}

void log_exhaustion(int error_number) {
    std::string_view to_raise = "the memory that the service may have (MemoryMax=)";
    std::string limit;
    if (error_number == EMFILE) {
        to_raise = "LimitNOFILE= of the service";
        rlimit files{};
        if (::getrlimit(RLIMIT_NOFILE, &files) == 0) limit = std::to_string(files.rlim_cur);
    } else if (error_number == ENFILE) {
        to_raise = "the machine's fs.file-max (sysctl)";
    }
    log_warning(
        "connections cannot be accepted: out of descriptors or memory",
        {{"why", std::generic_category().message(error_number)}, {"raise", to_raise}, {"now", limit, true}});
}

file_descriptor open_reserve() noexcept {
    return file_descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
}

} // namespace

accept_failure classify_accept_failure(int error_number) noexcept {
    switch (error_number) {
    case EAGAIN: return accept_failure::nothing_left;
    // The connection was gone before it was accepted; Linux reports errors of the network here as well
    // (accept(2)).
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP: return accept_failure::passing;
    // EMFILE, ENFILE, ENOBUFS, ENOMEM; whatever else there may be is no better for trying at once.
    default: return accept_failure::exhausted;
    }
}

listener::listener(
    reactor& home, http_service& service, std::shared_ptr<const connection_rules> rules,
    std::shared_ptr<connection_budget> budget, file_descriptor socket, std::string path_to_remove)
    : group_{std::make_shared<connection_group>(home, service, std::move(rules), std::move(budget))},
      is_internal_{group_->rules->is_internal},
      socket_{home.get_executor(), socket.release()},
      path_to_remove_{std::move(path_to_remove)},
      reserve_{open_reserve()},
      pause_{home.get_executor()} {}

void listener::start() {
    // An adopted socket listens already; then this only sets the length of its queue.
    if (::listen(socket_.native_handle(), backlog) != 0)
        throw std::system_error{errno, std::generic_category(), "listen"};
    asio::co_spawn(group_->home.get_executor(), accept_all(shared_from_this()), essential_loop{"accepting"});
}

void listener::use_certificate(std::shared_ptr<const tls_server_context> tls) {
    asio::post(group_->home.get_executor(), [group = group_, next = std::move(tls)]() mutable {
        group->tls = std::move(next);
    });
}

void listener::use_rules(std::shared_ptr<const connection_rules> rules) {
    asio::post(group_->home.get_executor(), [group = group_, next = std::move(rules)]() mutable {
        group->use_rules(std::move(next));
    });
}

task<> listener::accept_all(std::shared_ptr<listener> self) {
    milliseconds pause = shortest_pause;
    while (!self->is_stopping_) {
        const auto [error] = co_await self->socket_.async_wait(descriptor::wait_read, as_result);
        if (error || self->is_stopping_) break;
        if (self->accept_queued() != accept_failure::exhausted) {
            pause = shortest_pause;
            continue;
        }
        self->group_->counts.exhausted.add();
        if (pause == shortest_pause) log_exhaustion(self->exhausted_by_);
        self->turn_first_away();
        self->pause_.expires_after(pause);
        pause = std::min(pause * 2, longest_pause);
        // Cancelled when the listener stops; the loop's condition looks.
        [[maybe_unused]] const auto [ended] = co_await self->pause_.async_wait(as_result);
    }
}

accept_failure listener::accept_queued() {
    for (int count = 0; count < accepted_at_once; ++count) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        file_descriptor accepted{::accept4(
            socket_.native_handle(), reinterpret_cast<sockaddr*>(&from), &size,
            SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (accepted.is_open()) {
            try {
                welcome(std::move(accepted), address_of(from));
            } catch (const std::exception& e) { // no memory, or no room in epoll
                log_error("a connection could not be served", {{"what", e.what()}});
            }
            continue;
        }
        const accept_failure why = classify_accept_failure(errno);
        if (why == accept_failure::exhausted) exhausted_by_ = errno;
        if (why != accept_failure::passing) return why;
    }
    return accept_failure::passing;
}

void listener::welcome(file_descriptor accepted, asio::ip::address peer) {
    const bool is_turned_away = !group_->budget->take();
    group_->counts.accepted.add();
    if (is_turned_away) group_->counts.turned_away.add();
    if (is_turned_away && group_->turned_away >= most_turned_away) return;
    std::unique_ptr<connection> newcomer;
    try {
        const int family = peer.is_unspecified() ? AF_UNIX : peer.is_v6() ? AF_INET6 : AF_INET;
        stream_socket socket{
            group_->home.get_executor(), asio::generic::stream_protocol{family, 0}, accepted.get()};
        (void)accepted.release();
        newcomer = std::make_unique<connection>(group_, std::move(socket), std::move(peer), is_turned_away);
    } catch (...) {
        if (!is_turned_away) group_->budget->give_back();
        throw;
    }
    connection::start(std::move(newcomer));
}

void listener::turn_first_away() noexcept {
    // Another thread may take the descriptor in the moment between; then there is no reserve until one can be
    // had again.
    reserve_.reset();
    // Closed without an answer: the client learns at once that it has to go elsewhere.
    file_descriptor{::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC)}.reset();
    reserve_ = open_reserve();
}

void listener::stop_accepting() {
    asio::post(group_->home.get_executor(), [self = shared_from_this()] { self->close_door(); });
}

void listener::finish_current_requests() {
    asio::post(group_->home.get_executor(), [group = group_] { group->finish(); });
}

void listener::close_remaining() {
    asio::post(group_->home.get_executor(), [group = group_] { group->close_all(); });
}

void listener::close_door() {
    if (is_stopping_) return;
    is_stopping_ = true;
    pause_.cancel();
    // First the file, so that a successor finds it gone and not one that is about to be removed.
    if (!path_to_remove_.empty()) ::unlink(path_to_remove_.c_str());
    // Whoever has been queued by the kernel counts as connected and would get RST. No more than a queue's
    // length: more come meanwhile, and they could keep the reactor here.
    for (int left = backlog; left > 0 && accept_queued() == accept_failure::passing;
         left -= accepted_at_once) {
    }
    error_code ignored;
    socket_.close(ignored);
    is_closed_.store(true, std::memory_order_release);
}

} // namespace wxlogind::net
