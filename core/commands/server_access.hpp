// A server that can be asked: the one that runs, or one in this process.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "core/net/one_exchange.hpp"
#include "core/server/server.hpp"

#include <memory>
#include <string>

namespace wxlogind {

// The main thread only.
class server_access {
public:
    // Throws std::runtime_error when neither is to be had: no server answers, and its files are in use,
    // belong to another user, or are not there. `service_key`: "" = none.
    server_access(const config& settings, std::string service_key);
    ~server_access();
    server_access(const server_access&) = delete;
    server_access& operator=(const server_access&) = delete;

    // Throws std::runtime_error: the server went away.
    [[nodiscard]] net::answer ask(net::question what) const;
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    [[nodiscard]] bool shows_service_key() const noexcept { return !service_key_.empty(); }

private:
    class private_directory;

    void start_own_server(config settings, const std::string& why_not_running);

    std::string address_;
    std::string service_key_;
    system_wall_clock clock_;
    // Where no server runs.
    std::unique_ptr<private_directory> sockets_;
    std::unique_ptr<server> own_;
};

// What stands in `file`, else in the one that the environment names (the file, never the key itself), else in
// systemd's credential. "" = there is none. Throws std::runtime_error: it cannot be read.
[[nodiscard]] std::string service_key_in(std::string file);

// What was begun with the answer of `target` is looked at until it is not "running" any more.
[[nodiscard]] net::answer
wait_for_end(const server_access& server, const std::string& target, net::answer begun);

} // namespace wxlogind
