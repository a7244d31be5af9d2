// The composition root: sees every part, makes them in order and takes them down in the reverse order.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "core/server/service_manager.hpp"
#include "core/server/vital_signs.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace wxlogind {

// A whole wxlogind in this process. The main thread only.
class server {
public:
    // Opens keys, database and listeners' addresses; nothing is served yet. Throws std::exception, saying
    // what is wrong and what to do: a key file that others can read, a database of a newer version or in use
    // by another process, an address that is taken. A socket in `handed` takes the place of its address in
    // the configuration.
    server(const config& settings, const wall_clock& clock, const handed_sockets& handed = {});
    ~server(); // as stop(0s)
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    void start();

    // Reads the configuration again, and all that it names. False, and everything is as it was: something in
    // it is not good; the log says what. Keys that need a restart keep their values, and the log names them.
    bool reload();

    // What counts at the moment.
    [[nodiscard]] const config& settings() const;

    // Where it listens, as "address:port" or "unix:/path": with port 0 in the configuration, the port that
    // was found.
    [[nodiscard]] std::string public_address() const;
    [[nodiscard]] std::string internal_address() const;

    // How it is, for people: "12 connections, database writable, WeChat up".
    [[nodiscard]] std::string describe() const;
    // Of every reactor and of the database's writer.
    [[nodiscard]] std::vector<vital_sign> vital_signs() const;

    // The stages of a shutdown. Each returns at once.
    void announce_leaving();       // /readyz turns 503; everything is still served
    void refuse_new_connections(); // and idle connections close, busy ones after their answer
    [[nodiscard]] std::size_t open_connections() const;
    // After refuse_new_connections(): everybody who has connected has been served.
    [[nodiscard]] bool is_deserted() const;
    // The last stage, blocking: closes what is still open, finishes every queued write, stops the reactors.
    // Exchanges with WeChat that are under way end by their deadline, and are waited for.
    void stop();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace wxlogind
