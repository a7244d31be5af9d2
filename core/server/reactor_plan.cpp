#include "core/server/reactor_plan.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace wxlogind {

namespace {

// A check of a token is a third of the work of a login.
constexpr std::size_t public_loops_an_internal_one = 4;

} // namespace

reactor_plan::reactor_plan(const server_settings& settings)
    : for_public{.first = 0, .count = settings.threads},
      for_internal{.first = 0, .count = settings.internal_threads} {
    if (for_public.count == 0) for_public.count = std::max(1u, std::thread::hardware_concurrency());
    if (for_internal.count == 0)
        for_internal.count =
            (for_public.count + public_loops_an_internal_one - 1) / public_loops_an_internal_one;
    for_internal.first = for_public.count;
}

wechat::client_share reactor_plan::share_of(std::size_t reactor) const noexcept {
    return {.of = is_internal(reactor) ? 4 * for_internal.count : for_public.count};
}

net::reactor_pool make_reactors(const reactor_plan& plan) {
    using named = net::reactor_pool::named_range;
    return net::reactor_pool{std::array{
        named{.name = "reactor", .count = static_cast<unsigned>(plan.for_public.count)},
        named{.name = "internal", .count = static_cast<unsigned>(plan.for_internal.count)}}};
}

} // namespace wxlogind
