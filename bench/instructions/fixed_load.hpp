// The same requests in the same order, one at a time over one kept-alive connection, whatever the machine
// does: no two requests meet in the server, so nothing depends on which was faster.
#pragma once

#include "tests/support/deployment.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wxlogind::bench {

class fixed_load {
public:
    // `to` has to live longer. Its simulator takes load codes; its connections may carry many requests.
    explicit fixed_load(const test::deployment& to);

    // What deployment_options have to say for that.
    static void prepare(test::deployment_options& options);

    void log_in_first_time(); // of users who were never here
    void log_in_again(); // of users who were here once, in their order, WeChat's session_key being a new one
    void verify();       // the last login's token
    void mark();         // GET /healthz: what separates the kinds

private:
    void log_in(std::size_t user);

    const test::deployment& to_;
    test::http_connection public_;
    test::http_connection internal_;
    std::string token_;
    std::size_t logins_{0};
    std::size_t users_{0};
    std::size_t returned_{0};
};

// A run of requests of one kind, between two marks.
struct load_phase {
    std::string_view name;
    void (fixed_load::*request)();
    std::size_t count;
};

// The first is warm-up: caches, prepared statements, the connection to WeChat.
[[nodiscard]] std::span<const load_phase> load_phases() noexcept;

// Sends the requests of one phase.
void send(fixed_load& load, const load_phase& what);

} // namespace wxlogind::bench
