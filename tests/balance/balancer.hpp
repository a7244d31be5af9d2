// A real HAProxy or nginx, with our configuration, in front of wxlogind.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::test {

// What is changed in a configuration to be tried: each text has to be in it.
using replacements = std::vector<std::pair<std::string, std::string>>;

class balancer {
public:
    // etc/haproxy/balance.cfg, plain HTTP on a free port in place of TLS, with `changes`; and a second port
    // that says which of its servers are up: "10".
    static balancer haproxy(const replacements& changes);
    // etc/nginx/balance.conf, likewise.
    static balancer nginx(const replacements& changes);

    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    // HAProxy's view of servers one and two. Throws while nobody answers.
    [[nodiscard]] std::string servers_up() const;

private:
    balancer() = default;
    void run(std::vector<std::string> argv);

    std::unique_ptr<temporary_directory> files_{std::make_unique<temporary_directory>()};
    std::string address_;
    std::string state_address_;
    std::unique_ptr<child_process> program_;
};

// A file of etc/ with `changes`. Throws std::runtime_error for a text that is not there.
[[nodiscard]] std::string configuration_with(std::string_view file, const replacements& changes);

} // namespace wxlogind::test
