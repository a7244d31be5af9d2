// All sessions of a user, page by page.
#pragma once

#include "storage/store.hpp"
#include "tests/support/run_task.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace wxlogind::test {

inline std::vector<storage::session_record> sessions_of(storage::store& store, const user_id& user) {
    std::vector<storage::session_record> all;
    auto trail = run(store.users().trail_of_sessions(user)).value();
    while (!trail.empty()) {
        auto page = run(store.users().sessions_on(trail)).value();
        std::ranges::move(page.sessions, std::back_inserter(all));
        trail = std::move(page.next);
    }
    return all;
}

} // namespace wxlogind::test
