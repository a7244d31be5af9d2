// Two users who turn out to be one person, for tests of what every store does then.
#pragma once

#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/contract/session_trails.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::test {

inline constexpr std::string_view second_app{"wx0000000000000002"};
inline constexpr unix_millis later = noon + std::chrono::hours{1};
// Tokens live on by the clock of the machine, too, which is asked when a store is opened.
inline const storage::revoking now{later, later + std::chrono::hours{24} * 3650, "key:support"};

// What token checks know; the store has to be closed, or its answer awaited, before it is read.
class told final : public storage::revocation_observer {
public:
    void revoked(const storage::revocation& what) noexcept override {
        if (what.is_of_all)
            through[what.user] = std::max(through[what.user], what.sid);
        else
            sessions.emplace(what.user, what.sid);
    }
    void renamed(const storage::user_alias& what) noexcept override {
        if (what.survivor)
            means[what.merged] = *what.survivor;
        else
            means.erase(what.merged);
    }

    // As a token check would ask.
    [[nodiscard]] bool is_dead(const user_id& named, std::int64_t sid) const {
        const auto all = through.find(named);
        return sessions.contains({named, sid}) || (all != through.end() && sid <= all->second);
    }

    std::map<user_id, std::int64_t> through;
    std::set<std::pair<user_id, std::int64_t>> sessions;
    std::map<user_id, user_id> means;
};

inline storage::login_record in(std::string_view appid, std::string_view openid, unix_millis at = noon) {
    auto login = login_of(openid, "key 1", at);
    login.appid = appid;
    login.tokens_end = at + std::chrono::hours{3};
    return login;
}

inline storage::login_outcome log_in(storage::store& store, storage::login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

inline storage::refresh_outcome
refresh(storage::store& store, std::int64_t sid, std::uint32_t generation = 0) {
    storage::refresh_request request;
    request.sid = sid;
    request.generation = generation;
    request.rules = {
        .sliding = std::chrono::hours{720},
        .longest = std::chrono::hours{2160},
        .grace = std::chrono::seconds{30}};
    request.when = now;
    const auto outcome = run(store.sessions().refresh(request));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

inline std::vector<storage::audit_record> audited(storage::store& store, storage::audit_event event) {
    return run(store.audit().read({.event = event})).value().records;
}

// An older user with one account and a younger one with another, each with a session.
template <class Backend>
struct two_users {
    Backend backend;
    told observer;
    std::unique_ptr<storage::store> store = backend.open(&observer);
    storage::login_outcome old;
    storage::login_outcome young;

    two_users() {
        old = log_in(*store, in("wx0000000000000001", "old"));
        young = log_in(*store, in(second_app, "young", noon + std::chrono::minutes{1}));
    }
    void merge() { BOOST_TEST_REQUIRE(run(store->users().merge(young.user, old.user, now)).has_value()); }
    void reopen() {
        store.reset();
        observer = {};
        store = backend.open(&observer);
    }
};

} // namespace wxlogind::test
