// The part of a connection that answers: the request gets its names, its handler, and the answer goes out.
#include "core/net/ascii.hpp"
#include "core/net/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <exception>
#include <new>
#include <utility>

namespace wxlogind::net {

namespace {

// A rendering buffer that an unusually large answer has grown beyond this is given back.
constexpr std::size_t usual_answer_bytes = 64 * 1024;

bool is_request_id(std::string_view text) {
    constexpr character_class accepted = alphanumeric_and("._-");
    return !text.empty() && text.size() <= 64 && all_in(accepted, text);
}

} // namespace

task<bool> connection::answer_request() {
    request& incoming = reader_.incoming();
    name_request(incoming);
    incoming.rest = body_.get();
    const auto began = steady_clock::now();
    const response outgoing = co_await handle(incoming);

    ++served_;
    const bool is_the_last = is_last(outgoing);
    const bool is_cut_short = is_body_left();
    render_answer(outgoing, incoming.request_id, is_the_last, incoming.verb == method::head);
    auto answered = steady_clock::now();
    const bool is_written = co_await send_rendered();
    add_since(stages_.write, answered);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(answered - began - stages_.held);
    group_->service.finished(
        {.incoming = &incoming,
         .outgoing = outgoing,
         .request_id = incoming.request_id,
         .client = incoming.client,
         .reactor = group_->home.index(),
         .took = took,
         .is_written = is_written});

    if (!is_written) co_return false;
    const bool client_closes = !reader_.keeps_alive();
    buffer_.consume(std::min(reader_.message_size(), buffer_.unread().size()));
    reader_.next();
    body_.reset();
    buffer_.shrink();
    if (!is_the_last) co_return true;
    // A client that has asked for the end sends nothing more; any other may have sent the next request.
    if (!client_closes || !buffer_.empty() || is_cut_short) co_await linger();
    co_return false;
}

task<response> connection::handle(const request& incoming) {
    const requests_in_flight::one counted{group_->home.requests()};
    failure trouble{errc::internal};
    try {
        co_return co_await group_->service.handle(incoming);
    } catch (const std::bad_alloc&) {
        trouble = errc::overloaded;
    } catch (...) {
        log_escaped(std::current_exception(), incoming.path);
    }
    response outgoing = group_->service.refuse(trouble, incoming.request_id);
    outgoing.close = true;
    co_return outgoing;
}

task<> connection::answer_refusal(failure why) {
    const auto began = steady_clock::now();
    group_->ids.make(id_);
    const std::string_view id{id_.data(), id_.size()};
    const response outgoing = group_->service.refuse(why, id);
    render_answer(outgoing, id, true, false);
    const bool is_written = co_await send_rendered();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began);
    group_->service.finished(
        {.outgoing = outgoing,
         .request_id = id,
         .client = peer_,
         .reactor = group_->home.index(),
         .took = took,
         .is_written = is_written});
    if (is_written) co_await linger();
}

void connection::name_request(request& incoming) {
    incoming.home = &group_->home;
    incoming.socket = socket_.native_handle();
    incoming.is_internal = group_->rules->is_internal;
    incoming.client = peer_;
    incoming.stages = &stages_;
    join_trace(incoming);
    if (is_peer_trusted_) {
        incoming.client = forwarded_client(peer_, incoming.fields, group_->rules->trusted_proxies);
        const auto named = incoming.header("x-request-id");
        if (named && is_request_id(*named)) {
            incoming.request_id = *named;
            return;
        }
    }
    group_->ids.make(id_);
    incoming.request_id = {id_.data(), id_.size()};
}

// From whoever calls: it names nobody and lets nobody in. It goes into the log and the answer, and with
// wechat.send_traceparent into the calls to WeChat.
void connection::join_trace(request& incoming) {
    const auto named = incoming.header("traceparent");
    const auto caller = named ? parse_trace_parent(*named) : std::nullopt;
    if (!caller) return;
    request_ids::text span{};
    group_->ids.make(span);
    trace_ = make_trace_text(*caller, {span.data(), span.size()});
    incoming.trace_id = trace_id_in(trace_);
    incoming.traceparent = {trace_.data(), trace_.size()};
}

bool connection::is_last(const response& outgoing) const noexcept {
    return outgoing.close || is_body_left() || !reader_.keeps_alive() || group_->is_draining ||
           served_ >= group_->rules->max_requests;
}

void connection::render_answer(const response& outgoing, std::string_view id, bool closes, bool omits_body) {
    const rendering how{
        .date = group_->date.at(std::time(nullptr)),
        .request_id = id,
        .trace = reader_.incoming().traceparent,
        .omits_body = omits_body,
        .closes = closes,
        .is_http_1_0 = reader_.is_http_1_0()};
    group_->rendered.clear();
    render(outgoing, how, group_->rendered);
}

// Most answers fit into the socket's buffer: one system call, and no round through the event loop.
task<bool> connection::send_rendered() {
    std::string& rendered = group_->rendered;
    if (tls_) {
        const std::string plain = std::exchange(rendered, {});
        co_return co_await send(plain);
    }
    const ssize_t sent =
        is_closing_
            ? 0
            : ::send(socket_.native_handle(), rendered.data(), rendered.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(rendered.size())) {
        if (rendered.capacity() > usual_answer_bytes) rendered = {};
        co_return true;
    }
    if (is_closing_ || (sent < 0 && errno != EAGAIN && errno != EINTR)) co_return false;
    // The group's buffer belongs to the next answer from here on.
    const std::string rest = std::exchange(rendered, {});
    co_return co_await send(
        std::string_view{rest}.substr(static_cast<std::size_t>(std::max<ssize_t>(sent, 0))));
}

} // namespace wxlogind::net
