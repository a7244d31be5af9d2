// From a request to what goes out on the wire: the answer of its endpoint, and the faults that were ordered.
// No I/O.
#pragma once

#include "bench/wechat-sim/call_record.hpp"
#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/endpoints/secured_call.hpp"
#include "bench/wechat-sim/faults/faults.hpp"
#include "bench/wechat-sim/faults/latency_model.hpp"
#include "bench/wechat-sim/lane.hpp"
#include "bench/wechat-sim/wire/delivery.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <atomic>
#include <optional>

namespace wxlogind::wechat_sim {

// Any thread; what is given to a method belongs to the calling one.
class responder {
public:
    responder(world& everything, faults& wrongs, const latency_model& latency, const call_record& record)
        : world_{everything}, faults_{wrongs}, latency_{latency}, record_{record} {}

    // Appends the response to `out` and returns nothing: write it, and keep the connection if the request
    // says so. Or leaves `out` alone and returns a delivery to carry out.
    [[nodiscard]] std::optional<delivery>
    respond(const request& arrived, std::string_view client_ip, lane& here, std::string& out);

    // For a request whose body is chunked: 412, empty, and the connection ends.
    void refuse_chunked(lane& here, std::string& out);

    void set_style(const reply_style& style) noexcept { style_.store(style, std::memory_order_relaxed); }
    [[nodiscard]] reply_style style() const noexcept { return style_.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] struck strike(const request& incoming, query_parameters& parameters);
    delivery respond_badly(
        const struck& how, const secured_call& call, query_parameters& parameters, std::string_view client_ip,
        lane& here);
    // `flaw`: a fault that strikes, or nullptr.
    [[nodiscard]] answer answer_truly(
        const secured_call& call, query_parameters& parameters, std::string_view client_ip,
        const fault_rule* flaw, lane& here);

    world& world_;
    faults& faults_;
    const latency_model latency_; // of every answer that no latency fault strikes
    const call_record& record_;
    std::atomic<reply_style> style_{reply_style{}};
};

} // namespace wxlogind::wechat_sim
