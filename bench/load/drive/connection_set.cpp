#include "bench/load/drive/connection_set.hpp"

#include <cerrno>

namespace wxlogind::load {

namespace {

using state = client_connection::state;

constexpr std::size_t scratch_bytes = 64 * 1024;

int error_of(int descriptor) noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

} // namespace

std::string_view name_of_loss(int error) noexcept {
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: return "connection_refused";
    case ECONNRESET:
    case EPIPE: return "connection_reset";
    case ETIMEDOUT: return "connect_timeout";
    case EMFILE:
    case ENFILE: return "no_file_descriptors";
    case EADDRNOTAVAIL: return "no_free_ports";
    case EAGAIN: return "backlog_full"; // of a Unix-domain socket
    default: return "connection_failed";
    }
}

connection_set::connection_set(const load_plan& plan, reply_taker& taker)
    : plan_{plan}, taker_{taker}, scratch_(scratch_bytes) {}

client_connection* connection_set::take_free(listener where) {
    auto& idle = idle_[static_cast<std::size_t>(where)];
    while (!idle.empty()) {
        client_connection* const kept = idle.back();
        idle.pop_back();
        if (kept->is == state::idle) return kept;
        closed_.push_back(kept); // it was closed where it stood
    }
    if (closed_.empty()) closed_.push_back(&connections_.emplace_back());
    client_connection* const fresh = closed_.back();
    fresh->where = where;
    if (!open(*fresh)) return nullptr;
    closed_.pop_back();
    return fresh;
}

client_connection& connection_set::add_parked() {
    client_connection& fresh = connections_.emplace_back();
    fresh.is_parked = true;
    return fresh;
}

bool connection_set::open(client_connection& on) {
    const endpoint& to = on.where == listener::internal ? *plan_.internal : *plan_.open_to_all;
    on.socket = to.connect();
    if (!on.socket.is_open()) return false;
    ++opened_;
    on.is = state::connecting;
    if (readiness_.watch(on.socket.get(), &on)) return true;
    close(on);
    return false;
}

void connection_set::send(client_connection& on, std::string_view bytes) {
    on.received.clear();
    if (on.is == state::connecting) {
        on.unsent = bytes;
        return;
    }
    on.is = state::waiting;
    const ssize_t sent = ::send(on.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // Real trouble shows as an event, which deals with it.
    if (sent == static_cast<ssize_t>(bytes.size())) return;
    on.unsent = bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent));
}

void connection_set::flush(client_connection& on) {
    const std::string text = std::exchange(on.unsent, {});
    if (!text.empty()) send(on, text);
}

void connection_set::close(client_connection& on) {
    on.socket.reset();
    on.is = state::closed;
    on.unsent.clear();
    on.received.clear();
}

void connection_set::give_up(client_connection& on) {
    close(on);
    if (!on.is_parked) closed_.push_back(&on);
}

void connection_set::wait(nanoseconds at_most) {
    for (const epoll_event& each : readiness_.wait(at_most))
        handle(*static_cast<client_connection*>(each.data.ptr), each.events);
}

void connection_set::handle(client_connection& on, std::uint32_t events) {
    if (on.is == state::closed) return; // closed since the event came
    const bool has_failed = (events & (EPOLLERR | EPOLLHUP)) != 0;
    if (on.is == state::connecting) {
        if (has_failed) return lose(on, name_of_loss(error_of(on.socket.get())));
        if ((events & EPOLLOUT) == 0) return;
        on.is = state::waiting;
    }
    if ((events & EPOLLOUT) != 0 && !on.unsent.empty()) flush(on);
    if (has_failed || (events & (EPOLLIN | EPOLLRDHUP)) != 0)
        receive(on, has_failed || (events & EPOLLRDHUP) != 0);
}

// Edges: everything there is has to be read. A read that does not fill the buffer has emptied the socket,
// unless the end stands behind it.
void connection_set::receive(client_connection& on, bool has_ended) {
    for (;;) {
        const ssize_t got = ::recv(on.socket.get(), scratch_.data(), scratch_.size(), 0);
        if (got <= 0) {
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
            return lose(on, got == 0 ? "connection_closed" : name_of_loss(errno));
        }
        const auto size = static_cast<std::size_t>(got);
        if (take_bytes(on, {scratch_.data(), size}, has_ended)) return;
        if (size < scratch_.size() && !has_ended) return;
    }
}

// Whether that was all that matters of what came.
bool connection_set::take_bytes(client_connection& on, std::string_view bytes, bool has_ended) {
    if (on.is != state::waiting) {
        // Nobody asked for it.
        close(on);
        return true;
    }
    if (!on.received.empty()) bytes = on.received.append(bytes);
    const scanned_reply reply = scan_reply(bytes);
    if (reply.is == scanned_reply::state::incomplete) {
        if (on.received.empty()) on.received = bytes;
        return false;
    }
    if (reply.is == scanned_reply::state::malformed || reply.size != bytes.size()) {
        lose(on, "malformed_reply");
        return true;
    }
    taker_.take_reply(on, reply);
    release(on, reply.closes || has_ended || (plan_.reconnects && !on.is_parked));
    taker_.go_on();
    return true;
}

void connection_set::lose(client_connection& on, std::string_view why) {
    // One that was idle stands among those still, and is passed over there.
    if (on.is == state::idle) return close(on);
    taker_.take_loss(on, why);
    give_up(on);
    taker_.go_on();
}

void connection_set::release(client_connection& on, bool closes) {
    if (closes) return give_up(on);
    on.is = state::idle;
    if (!on.is_parked) idle_[static_cast<std::size_t>(on.where)].push_back(&on);
}

} // namespace wxlogind::load
