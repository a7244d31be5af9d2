// Plain HTTP for the control API, on one lane.
#pragma once

#include "bench/wechat-sim/control/control_api.hpp"
#include "bench/wechat-sim/lane.hpp"
#include "core/base/async.hpp"

namespace wxlogind::wechat_sim {

class control_listener {
public:
    control_listener(tcp_acceptor acceptor, const control_targets& targets, lane& home);
    void start(); // the listener outlives the lane's loop

private:
    task<> accept();
    task<> converse(tcp_socket socket);

    tcp_acceptor acceptor_;
    control_targets targets_;
    lane& lane_;
    std::size_t open_{0};
};

} // namespace wxlogind::wechat_sim
