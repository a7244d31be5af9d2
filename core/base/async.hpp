// The words of asynchronous code here: which executor, which coroutine, which socket. Chosen once.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace wxlogind {

namespace asio = boost::asio;
using boost::system::error_code;

// Concrete, not any_io_executor: it halves the cost of every suspension.
using executor = asio::io_context::executor_type;

// A coroutine of one reactor. It starts, resumes and ends on that reactor's thread.
//
// Inside an expression with co_await stand only names, std::move(name), literals and calls. Everything else
// (aggregates, lambdas with captures, ?: of class type) is built on the line above: g++ 12 destroys such
// temporaries twice.
template <class T = void>
using task = asio::awaitable<T, executor>;

// co_await op(..., as_result) gives a tuple of error_code and values: network failures are ordinary.
inline constexpr auto as_result = asio::as_tuple(asio::deferred);

using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
// TCP or Unix: what a listener hands to a connection.
using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;

using steady_clock = std::chrono::steady_clock;
using steady_timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, executor>;

} // namespace wxlogind
