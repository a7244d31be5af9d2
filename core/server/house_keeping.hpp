// What is done now and then, so that nothing grows for ever. Never in the way of a request.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/net/reactor.hpp"
#include "core/session/revocations.hpp"
#include "storage/session_store.hpp"

#include <chrono>

namespace wxlogind {

struct house_keeping_pace {
    std::chrono::milliseconds between_slices{50};
    std::chrono::milliseconds between_rounds{std::chrono::minutes{10}};
    std::chrono::milliseconds after_trouble{std::chrono::seconds{10}};
};

// Deletes sessions that are over, slice by slice, round after round. Ends when its reactor does, or when the
// store is closed. The references outlive it.
task<> sweep_sessions(
    net::reactor& on, storage::session_store& sessions, const wall_clock& clock,
    house_keeping_pace pace = {});

// Forgets revocations that concern no token any more.
task<> forget_revocations(net::reactor& on, session::revocations& revoked, const wall_clock& clock);

} // namespace wxlogind
