// A request and a response in our words, and what a listener calls to get from one to the other.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/stage_times.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::net {

class reactor;

enum class method : std::uint8_t {
    get,
    head,
    post,
    put,
    patch,
    delete_,
    options,
};

[[nodiscard]] std::string_view to_string(method m) noexcept;

struct header_field {
    std::string_view name; // as sent
    std::string_view value;
};

// A body that is longer than the listener takes at once, while it arrives.
class long_body {
public:
    // What has come since the last call: a byte at least, good until the next call. Empty: that was all. The
    // client is told to send (100 Continue) when it is first asked. errc::request_timeout: the rest did not
    // come in time; errc::invalid_request: the client has gone. The connection closes behind the answer
    // unless the body was taken to its end.
    virtual task<result<std::string_view>> next() = 0;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0; // as the head says

protected:
    ~long_body() = default;
};

// One request, checked by the strict reader. All views live in the connection's buffer and are good until the
// handler's task has ended.
struct request {
    method verb{method::get};
    std::string_view target;       // "/login?code=x", origin form, as sent
    std::string_view path;         // "/login", as sent: percent-encoding is not undone
    std::string_view query;        // "code=x", without the question mark
    std::string_view content_type; // the media type in lower case, without parameters; empty when absent
    std::string_view body;
    long_body* rest{nullptr}; // where http_service::longest_body allows it: `body` is empty then
    std::span<const header_field> fields;
    std::string_view request_id; // a trusted proxy's X-Request-Id, or made here: [A-Za-z0-9._-]{1,64}
    std::string_view trace_id;   // of a valid traceparent: 32 hexadecimal digits; empty when there is none
    std::string_view
        traceparent;          // for calls made on its behalf: the same trace, and our span; empty likewise
    asio::ip::address client; // the peer, or what a trusted proxy says; unspecified on a Unix socket
    bool is_internal{false};  // came in by the internal listener
    reactor* home{nullptr};   // whose thread runs the handler
    int socket{-1};           // the connection's descriptor, for is_client_gone() alone
    stage_times* stages{nullptr}; // whoever handles it adds its part; nullptr: nobody asks

    // The value of the only field of that name (case-insensitive); nullopt when absent or there more than
    // once.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
    // How many fields have that name.
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

    // Whether the client has closed its side meanwhile, so that nobody waits for the answer: ask before work
    // is sent upstream. One system call. A client that half-closes after its request counts as gone, as it
    // does for nginx; one that has pipelined more requests cannot be told from one that stays, and stays.
    [[nodiscard]] bool is_client_gone() const noexcept;
};

// What goes back. Rendered into one buffer with Date, Content-Length, X-Request-Id and, where it applies,
// Connection.
struct response {
    unsigned status{200};
    std::string_view content_type{"application/json"}; // a literal; not sent when the body is empty
    std::string body;
    bool no_store{false}; // Cache-Control: no-store
    bool close{false};    // Connection: close, and then closed
    // Further fields. Names are literals; values are checked for CR, LF and NUL when rendered, and a field
    // with one of them is left out.
    std::vector<std::pair<std::string_view, std::string>> fields;
    std::shared_ptr<const void> holds{}; // lives until the answer has been written
    // For the log line of the request; empty when there is nothing to say.
    std::string_view problem{};
    std::string subject{}; // the user id
    // For counters: which of the service's routes it was, as the service numbers them. 0: none.
    std::uint16_t route{0};
    bool is_logged{true};
};

// One request and its answer, when it is over. For logs and counters.
struct finished_exchange {
    const request* incoming{nullptr}; // nullptr for what the reader refused
    const response& outgoing;
    std::string_view request_id;
    asio::ip::address client;         // of what was refused, the peer: who it says it is was not read
    unsigned reactor{0};              // whose thread this is
    std::chrono::microseconds took{}; // without the time that a refusal was held
    bool is_written{false};           // the response went out whole
};

// The product's side of a listener. One object serves every reactor: its state is immutable or its own
// business to guard. Nothing here throws.
class http_service {
public:
    virtual ~http_service() = default;

    // Answers one request. For HEAD the connection drops the body. On the reactor of `incoming.home`.
    virtual task<response> handle(const request& incoming) = 0;

    // How long a body of that request may be which is over the listener's max_body_bytes; it is handled
    // with `rest` in the place of `body`. What is longer is refused (413) without having been read. The
    // request has no id, client or home yet. On its reactor.
    [[nodiscard]] virtual std::size_t longest_body(const request& /*head*/) const noexcept { return 0; }

    // The answer to what the strict reader refused; the connection closes after it.
    virtual response refuse(const failure& why, std::string_view request_id) = 0;

    // Called when a response has been written, or could not be.
    virtual void finished(const finished_exchange& what) = 0;
};

} // namespace wxlogind::net
