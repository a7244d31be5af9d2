#include "core/server/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace wxlogind {

namespace {

// The names, and what they are in, are malloc'd by libsystemd.
struct freed_names {
    char** names{nullptr};
    ~freed_names() {
        for (char** each = names; each != nullptr && *each != nullptr; ++each) std::free(*each);
        std::free(static_cast<void*>(names));
    }
};

handed_sockets take_sockets() {
    freed_names handed;
    const int count = ::sd_listen_fds_with_names(1, &handed.names);
    if (count < 0) throw std::runtime_error{std::string{"socket activation: "} + std::strerror(-count)};
    handed_sockets sockets;
    for (int index = 0; index < count; ++index) {
        const std::string_view name = handed.names[index];
        int* const place = name == "public"     ? &sockets.public_listener
                           : name == "internal" ? &sockets.internal_listener
                                                : nullptr;
        if (place == nullptr || *place >= 0)
            throw std::runtime_error{
                "socket activation: a socket is named \"" + std::string{name} +
                "\" (FileDescriptorName= has to be public or internal, each once)"};
        *place = SD_LISTEN_FDS_START + index;
    }
    return sockets;
}

// The line breaks would be fields of their own.
std::string one_line(std::string_view text) {
    std::string line{text};
    for (char& each : line)
        if (each == '\n') each = ' ';
    return line;
}

// Nobody listening any more is nothing that we could do about.
void notify(const std::string& state) {
    (void)::sd_notify(0, state.c_str());
}

} // namespace

service_manager::service_manager()
    : sockets_{take_sockets()},
      is_there_{std::getenv("NOTIFY_SOCKET") != nullptr} { // NOLINT(concurrency-mt-unsafe)
    std::uint64_t watched = 0;
    if (::sd_watchdog_enabled(1, &watched) > 0) watchdog_ = std::chrono::microseconds{watched};
}

void service_manager::say_ready(std::string_view status) const {
    notify("READY=1\nSTATUS=" + one_line(status));
}

void service_manager::say_reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto since_boot = std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(since_boot).count();
    notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros) + "\nSTATUS=Reloading the configuration");
}

void service_manager::say_stopping(std::string_view status) const {
    notify("STOPPING=1\nSTATUS=" + one_line(status));
}

void service_manager::say_status(std::string_view status) const {
    notify("STATUS=" + one_line(status));
}

void service_manager::say_alive() const {
    notify("WATCHDOG=1");
}

} // namespace wxlogind
