// The simulator's own interface: what a test orders, and what it may ask. No I/O.
#pragma once

#include "bench/wechat-sim/call_record.hpp"
#include "bench/wechat-sim/faults/faults.hpp"
#include "bench/wechat-sim/responder.hpp"
#include "bench/wechat-sim/sim_clock.hpp"
#include "bench/wechat-sim/statistics.hpp"
#include "bench/wechat-sim/wire/request.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <boost/json/object.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

struct control_reply {
    unsigned status{200};
    std::string_view content_type{"application/json"}; // a literal
    std::string body;
};

// What was asked for cannot be done; the text is for the one who asked.
class bad_order : public std::runtime_error {
public:
    bad_order(unsigned status, const std::string& what) : std::runtime_error{what}, status_{status} {}
    explicit bad_order(const std::string& what) : bad_order{400, what} {}
    [[nodiscard]] unsigned status() const noexcept { return status_; }

private:
    unsigned status_;
};

// What the orders act on. All of it takes calls from any thread.
struct control_targets {
    world& everything;
    sim_clock& clock;
    responder& answers;
    faults& wrongs;
    statistics& counted;
    const call_record& record;
};

// An order: its query and its body, which is an empty object when there was none.
struct control_order {
    query_parameters& parameters;
    const boost::json::object& body;
    control_targets& targets;
};

// Carries out one order. Never throws for what came in: bad orders get 4xx and {"error":"…"}.
[[nodiscard]] control_reply carry_out(const request& incoming, control_targets& targets);

} // namespace wxlogind::wechat_sim
