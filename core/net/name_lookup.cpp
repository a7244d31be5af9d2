#include "core/net/name_lookup.hpp"

#include <ares.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace wxlogind::net {

namespace {

// c-ares asks for this once a process, before any thread uses it.
void initialise_library() {
    static const int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS) throw std::runtime_error{std::string{"DNS: "} + ares_strerror(status)};
}

// A channel for one lookup: a new one reads /etc/resolv.conf and /etc/hosts as they are now.
class channel {
public:
    explicit channel(const resolver_settings& settings) {
        ares_options options{};
        options.timeout = static_cast<int>(settings.query_timeout.count());
        options.tries = settings.tries;
        int status = ares_init_options(&handle_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
        if (status != ARES_SUCCESS) throw std::runtime_error{std::string{"DNS: "} + ares_strerror(status)};
        if (settings.servers.empty()) return;
        std::string servers;
        for (const std::string& each : settings.servers) servers += (servers.empty() ? "" : ",") + each;
        status = ares_set_servers_ports_csv(handle_, servers.c_str());
        if (status == ARES_SUCCESS) return;
        ares_destroy(handle_);
        throw std::runtime_error{"DNS: dns_servers: \"" + servers + "\": " + ares_strerror(status)};
    }
    ~channel() { ares_destroy(handle_); } // calls back what is still under way
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    [[nodiscard]] ares_channel get() const noexcept { return handle_; }

private:
    ares_channel handle_{};
};

struct lookup_state {
    std::uint16_t port{};
    bool is_finished{false};
    std::optional<found_addresses> found{};
};

std::optional<boost::asio::ip::address> address_of(const sockaddr* from) {
    if (from->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, from, sizeof v4);
        return boost::asio::ip::address_v4{ntohl(v4.sin_addr.s_addr)};
    }
    if (from->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, from, sizeof v6);
        boost::asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return boost::asio::ip::address_v6{bytes, v6.sin6_scope_id};
    }
    return std::nullopt;
}

void take_result(void* to, int status, int /*timeouts*/, ares_addrinfo* result) {
    auto& state = *static_cast<lookup_state*>(to);
    state.is_finished = true;
    if (result == nullptr) return;
    if (status == ARES_SUCCESS) {
        found_addresses found;
        for (const ares_addrinfo_node* node = result->nodes; node != nullptr; node = node->ai_next) {
            const auto address = address_of(node->ai_addr);
            if (!address) continue;
            const address_list::value_type endpoint{*address, state.port};
            if (std::ranges::find(found.endpoints, endpoint) == found.endpoints.end())
                found.endpoints.push_back(endpoint);
            const std::chrono::seconds ttl{node->ai_ttl};
            if (node->ai_ttl > 0) found.ttl = found.ttl ? std::min(*found.ttl, ttl) : ttl;
        }
        if (!found.endpoints.empty()) state.found = std::move(found);
    }
    ares_freeaddrinfo(result);
}

// RFC 6761 section 6.3: it is this machine whatever the name servers say. c-ares 1.18 knows that too, but
// only where there is an /etc/hosts; a bare system, as debootstrap makes it, has none.
std::optional<found_addresses> loopback_for(const https_origin& origin) {
    if (origin.host != "localhost") return std::nullopt;
    return found_addresses{{{boost::asio::ip::address_v4::loopback(), origin.port}}, std::nullopt};
}

// Connecting a datagram socket sends nothing; it fails when there is no route.
bool is_routed(const address_list::value_type& to) {
    const int probe = ::socket(to.data()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    const bool has_route = ::connect(probe, to.data(), static_cast<socklen_t>(to.size())) == 0;
    ::close(probe);
    return has_route;
}

void drop_unrouted(address_list& endpoints) {
    if (std::ranges::any_of(endpoints, is_routed))
        std::erase_if(endpoints, [](const auto& each) { return !is_routed(each); });
}

// Waits for the channel's sockets or `wake`, and lets c-ares go on.
void turn(ares_channel channel, int wake) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto wanted = static_cast<unsigned>(ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM));
    std::array<pollfd, ARES_GETSOCK_MAXNUM + 1> watched{};
    nfds_t count = 0;
    for (unsigned index = 0; index < ARES_GETSOCK_MAXNUM; ++index) {
        const bool reads = (wanted & (1u << index)) != 0;
        const bool writes = (wanted & (1u << (index + ARES_GETSOCK_MAXNUM))) != 0;
        if (!reads && !writes) continue;
        const auto events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
        watched[count++] = {sockets[index], events, 0};
    }
    watched[count] = {wake, POLLIN, 0};

    timeval longest{1, 0};
    const timeval* const span = ares_timeout(channel, &longest, &longest);
    const auto millis = static_cast<int>(span->tv_sec * 1000 + span->tv_usec / 1000 + 1);
    ::poll(watched.data(), count + 1, millis);

    for (nfds_t index = 0; index < count; ++index) {
        const bool reads = (watched[index].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
        const bool writes = (watched[index].revents & POLLOUT) != 0;
        if (reads || writes)
            ares_process_fd(
                channel, reads ? watched[index].fd : ARES_SOCKET_BAD,
                writes ? watched[index].fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); // timeouts
}

} // namespace

name_lookup::name_lookup(const resolver_settings& settings) : settings_{settings} {
    initialise_library();
    const channel proof{settings_};
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_ < 0) throw std::runtime_error{"DNS: eventfd failed"};
}

name_lookup::~name_lookup() {
    ::close(wake_);
}

std::optional<found_addresses> name_lookup::find(const https_origin& origin) {
    lookup_state state; // outlives the channel, which calls back when it goes
    state.port = origin.port;
    const channel names{settings_};
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NOSORT;
    ares_getaddrinfo(names.get(), origin.host.c_str(), nullptr, &hints, &take_result, &state);
    while (!state.is_finished) {
        if (is_interrupted_.load(std::memory_order_acquire))
            ares_cancel(names.get()); // calls back at once
        else
            turn(names.get(), wake_);
    }
    if (!state.found) return loopback_for(origin);
    drop_unrouted(state.found->endpoints);
    return std::move(state.found);
}

void name_lookup::interrupt() noexcept {
    is_interrupted_.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

} // namespace wxlogind::net
