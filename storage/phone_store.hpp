// Phone numbers of users, sealed, and what was spent on asking WeChat for them.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::storage {

struct phone_binding {
    user_id user;
    std::string sealed;
    std::string index; // a keyed hash of the number
    // The same under every key that rows may have theirs from: whoever has one of them has the same number.
    std::vector<std::string> all_indexes;
    unix_millis now;
};

struct phone_outcome {
    std::vector<user_id> others; // who have the same number, a few of them
};

// A call that WeChat wants money for. Days are counted from 1970.
struct paid_call {
    std::string appid;
    std::int64_t day{0};
    std::uint32_t budget{0}; // of a day; 0: any number
};

// Thread-safe, except that a task belongs to the reactor that awaits it. Each: errc::overloaded,
// errc::storage_unavailable.
class phone_store {
public:
    virtual ~phone_store() = default;

    // The number is the user's from now on, in place of any other; nobody else loses theirs. In the audit
    // log, also who else has it. errc::not_found; errc::user_blocked: banned, and nothing was changed.
    virtual task<result<phone_outcome>> bind_phone(phone_binding binding) = 0;

    // Notes one call before it is made, so that none is forgotten whatever happens then. Gives how many the
    // app has made that day. errc::rate_limited: the budget is used up, and nothing was noted.
    virtual task<result<std::uint32_t>> note_paid_call(paid_call call) = 0;
    // It turned out to cost nothing.
    virtual task<result<void>> take_back_paid_call(paid_call call) = 0;
};

} // namespace wxlogind::storage
