// House-keeping of users' pictures.
#pragma once

#include "core/base/async.hpp"
#include "core/net/reactor.hpp"
#include "storage/avatar_store.hpp"
#include "storage/user_store.hpp"

#include <chrono>

namespace wxlogind {

struct avatar_pace {
    std::chrono::milliseconds between_shelves{20'000}; // all of them in an hour and a half
};

// Removes pictures that no profile shows: left behind by a crash between two steps, or by a profile that came
// to show another one. Shelf by shelf, until the reactor ends; logs how many went.
task<> remove_unused_avatars(
    net::reactor& on, storage::avatar_store& avatars, storage::user_store& users, avatar_pace pace = {});

} // namespace wxlogind
