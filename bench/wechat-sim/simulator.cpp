#include "bench/wechat-sim/simulator.hpp"

#include "bench/wechat-sim/control/control_listener.hpp"
#include "bench/wechat-sim/wire/tls_listener.hpp"

#include <charconv>
#include <deque>
#include <stdexcept>
#include <thread>

namespace wxlogind::wechat_sim {

namespace {

asio::ip::tcp::endpoint parse_endpoint(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::uint16_t port = 0;
    error_code error;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto address = asio::ip::make_address(host, error);
    const char* const end = text.data() + text.size();
    if (colon == std::string::npos || error ||
        std::from_chars(text.data() + colon + 1, end, port).ptr != end || colon + 1 == text.size())
        throw std::runtime_error{"\"" + text + "\" is not ADDRESS:PORT, for example 127.0.0.1:8443"};
    return {address, port};
}

std::string to_text(const asio::ip::tcp::endpoint& where) {
    const std::string host = where.address().to_string();
    return (where.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(where.port());
}

} // namespace

// In order of construction; destroyed the other way round, so that what runs goes before what it uses.
struct simulator::parts {
    explicit parts(const simulator_settings& settings);

    sim_clock clock;
    world everything;
    faults wrongs;
    call_record record;
    responder answers;
    certificate_authority authority;
    tls_contexts contexts{authority};
    statistics counted;
    asio::ip::tcp::endpoint listen_at;
    asio::ip::tcp::endpoint control_at;
    std::deque<lane> lanes;
    std::deque<tls_listener> listeners;
    std::unique_ptr<control_listener> control;
    std::vector<std::jthread> threads;
};

simulator::parts::parts(const simulator_settings& settings)
    : everything{settings.rules, clock},
      wrongs{settings.fault_seed},
      record{settings.record_file},
      answers{everything, wrongs, settings.latency, record},
      counted{settings.threads},
      listen_at{parse_endpoint(settings.listen)},
      control_at{parse_endpoint(settings.control)} {
    answers.set_style(settings.style);
    for (const app& each : settings.apps) everything.put_app(each);
    if (!settings.ca_file.empty()) write_file_atomically(settings.ca_file, authority.pem());

    for (unsigned index = 0; index < settings.threads; ++index) {
        lane& home = lanes.emplace_back(counted.of_lane(index), mix(settings.rules.code_seed + index + 1));
        tcp_acceptor acceptor = listen_on(listen_at, home);
        listen_at = acceptor.local_endpoint();
        listeners.emplace_back(
            std::move(acceptor), contexts, answers, wrongs, home,
            settings.max_connections / settings.threads);
    }
    tcp_acceptor acceptor = listen_on(control_at, lanes.front());
    control_at = acceptor.local_endpoint();
    const control_targets targets{everything, clock, answers, wrongs, counted, record};
    control = std::make_unique<control_listener>(std::move(acceptor), targets, lanes.front());
}

simulator::simulator(const simulator_settings& settings) : parts_{std::make_unique<parts>(settings)} {}

simulator::~simulator() {
    stop();
    // Suspended coroutines hold sockets of the listeners' making: they go first.
    parts_->control.reset();
    parts_->listeners.clear();
}

void simulator::start() {
    for (tls_listener& each : parts_->listeners) each.start();
    parts_->control->start();
    for (lane& each : parts_->lanes) parts_->threads.emplace_back([&each] { each.io.run(); });
}

void simulator::stop() {
    for (lane& each : parts_->lanes) each.io.stop();
    parts_->threads.clear(); // jthread joins
}

std::string simulator::listen_address() const {
    return to_text(parts_->listen_at);
}

std::string simulator::control_address() const {
    return to_text(parts_->control_at);
}

std::string simulator::authority_pem() const {
    return parts_->authority.pem();
}

} // namespace wxlogind::wechat_sim
