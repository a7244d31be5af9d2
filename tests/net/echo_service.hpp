// A service that says what it was asked, and misbehaves on request.
#pragma once

#include "core/net/http.hpp"
#include "core/net/reactor.hpp"

#include <atomic>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

namespace wxlogind::test {

// "/echo" and everything else: "METHOD target\nfields\nclient\nrequest id\nbody". Others: see handle().
class echo_service final : public net::http_service {
public:
    task<net::response> handle(const net::request& incoming) override {
        ++handled;
        net::response out;
        out.content_type = "text/plain";
        if (incoming.path == "/throw") throw std::runtime_error{"on request"};
        if (incoming.path == "/throw-after-wait") {
            co_await pause(incoming);
            throw std::runtime_error{"on request"};
        }
        if (incoming.path == "/no-memory") throw std::bad_alloc{};
        if (incoming.path == "/no-content") out.status = 204;
        if (incoming.path == "/close") out.close = true;
        if (incoming.path == "/wait") {
            ++waiting;
            while (!may_go_on) co_await pause(incoming);
            --waiting;
        }
        if (incoming.path == "/until-gone") {
            ++waiting;
            while (!incoming.is_client_gone()) co_await pause(incoming);
            ++seen_gone;
            --waiting;
        }
        if (incoming.path == "/is-gone") {
            out.body = incoming.is_client_gone() ? "gone" : "here";
            co_return out;
        }
        if (incoming.path == "/large") {
            out.body.assign(large_answer, 'x');
            co_return out;
        }
        out.body = describe(incoming);
        co_return out;
    }

    net::response refuse(const failure& why, std::string_view) override {
        ++refused;
        net::response out;
        out.status = status_of(why.code);
        out.content_type = "application/problem+json";
        out.body = "{\"code\":\"" + std::string{to_string(why.code)} + "\"}";
        return out;
    }

    void finished(const net::finished_exchange& what) override {
        ++(what.is_written ? written : unwritten);
        if (what.incoming == nullptr) return;
        const std::lock_guard lock{mutex_};
        last_request_id_ = what.request_id;
    }

    [[nodiscard]] std::string last_request_id() {
        const std::lock_guard lock{mutex_};
        return last_request_id_;
    }

    [[nodiscard]] static unsigned status_of(errc code) {
        switch (code) {
        case errc::invalid_request: return 400;
        case errc::request_timeout: return 408;
        case errc::length_required: return 411;
        case errc::content_too_large: return 413;
        case errc::uri_too_long: return 414;
        case errc::expectation_failed: return 417;
        case errc::header_fields_too_large: return 431;
        case errc::not_implemented: return 501;
        case errc::overloaded: return 503;
        case errc::http_version: return 505;
        default: return 500;
        }
    }

    static constexpr std::size_t large_answer = 8 << 20;

    std::atomic<int> handled{0};
    std::atomic<int> refused{0};
    std::atomic<int> written{0};
    std::atomic<int> unwritten{0};
    std::atomic<int> waiting{0};
    std::atomic<int> seen_gone{0};
    std::atomic<bool> may_go_on{false};

private:
    static std::string describe(const net::request& incoming) {
        std::string out{to_string(incoming.verb)};
        out.append(" ").append(incoming.target);
        out.append("\n").append(std::to_string(incoming.fields.size()));
        out.append("\n").append(incoming.client.to_string());
        out.append("\n").append(incoming.request_id);
        out.append("\n").append(incoming.body);
        return out;
    }

    static task<> pause(const net::request& incoming) {
        steady_timer timer{incoming.home->get_executor(), std::chrono::milliseconds{1}};
        [[maybe_unused]] const auto [error] = co_await timer.async_wait(as_result);
    }

    std::mutex mutex_;
    std::string last_request_id_;
};

} // namespace wxlogind::test
