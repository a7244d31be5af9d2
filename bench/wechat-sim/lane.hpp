// What belongs to one thread: its event loop, its counters, its random numbers.
#pragma once

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/statistics.hpp"
#include "bench/wechat-sim/wire/date_text.hpp"
#include "core/base/async.hpp"

namespace wxlogind::wechat_sim {

// Its thread only.
struct lane {
    lane(counters& counted, std::uint64_t seed) : counts{counted}, numbers{seed} {}
    asio::io_context io{1};
    counters& counts;
    generator numbers;
    date_text date;
};

} // namespace wxlogind::wechat_sim
