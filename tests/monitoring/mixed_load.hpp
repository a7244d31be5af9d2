// A wxlogind to which everything happens that there are figures of.
#pragma once

#include "tests/support/session_deployment.hpp"

#include <memory>

namespace wxlogind::test {

class mixed_load {
public:
    mixed_load();

    // Logins and token checks by wxlogin-bench, until the end of this object or for ten minutes.
    void begin();

    // Once whatever can go well or wrong besides: refreshes, logouts, phone numbers, access tokens, requests
    // that are none, quotas that are used up, errcodes and faults of WeChat.
    void happen();

    [[nodiscard]] const session_deployment& server() const noexcept { return running_; }
    [[nodiscard]] std::string scrape() const;

    // Stops the server: what it has logged.
    [[nodiscard]] std::string end();

private:
    void happen_to_sessions();
    void happen_at_wechat();
    void happen_to_the_reader() const;

    temporary_directory files_;
    session_deployment running_;
    boost::json::object login_;
    unsigned rounds_{0};
    std::unique_ptr<child_process> bench_;
};

// Beside it: one whose public listener speaks TLS, of which there are figures too.
class tls_neighbour {
public:
    tls_neighbour();

    [[nodiscard]] const std::string& internal_address() const { return running_->internal_address(); }
    [[nodiscard]] std::string scrape() const;

private:
    temporary_directory files_;
    std::unique_ptr<deployment> running_;
};

} // namespace wxlogind::test
