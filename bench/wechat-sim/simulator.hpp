// The simulator as a whole: a program's or a test's to start and stop.
#pragma once

#include "bench/wechat-sim/faults/latency_model.hpp"
#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/world/settings.hpp"

#include <memory>
#include <string>
#include <vector>

namespace wxlogind::wechat_sim {

struct simulator_settings {
    std::string listen{"127.0.0.1:0"};
    std::string control{"127.0.0.1:0"};
    std::string ca_file;     // where the authority's certificate is written; "" = nowhere
    std::string record_file; // what is asked and answered; "" = no record
    unsigned threads{1};
    std::size_t max_connections{20'000};
    std::uint64_t fault_seed{0};
    latency_model latency; // of every answer
    reply_style style;
    world_settings rules;
    std::vector<app> apps;
};

// Constructed, it listens; the threads run from start() to stop().
class simulator {
public:
    // Throws std::exception when an address cannot be listened on or the file cannot be written.
    explicit simulator(const simulator_settings& settings);
    ~simulator();
    simulator(const simulator&) = delete;
    simulator& operator=(const simulator&) = delete;

    void start();
    void stop(); // joins the threads; may be called twice

    [[nodiscard]] std::string listen_address() const;  // "127.0.0.1:4711"
    [[nodiscard]] std::string control_address() const; // likewise
    [[nodiscard]] std::string authority_pem() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace wxlogind::wechat_sim
