// What is stored sealed, for sealing it again under another key.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::storage {

// The session_key of one session, and what it is bound to.
struct sealed_value {
    std::int64_t sid{0};
    std::string appid; // "": the account is gone, and nobody will open it again
    std::string openid;
    std::string envelope;
};

struct sealed_page {
    std::vector<sealed_value> values;
    std::int64_t seen_through{0}; // where to go on
    bool is_at_end{false};
};

struct resealed_value {
    std::int64_t sid{0};
    std::string before;           // it is replaced only if it still is this
    std::string after;            // "": erased
    std::uint64_t fingerprint{0}; // see login_record
};

// The phone number of one user, or of one that was merged and whose survivor has another.
struct sealed_phone {
    user_id user;
    user_id sealed_for; // what it is bound to
    std::string envelope;
};

struct sealed_phone_page {
    std::vector<sealed_phone> phones;
    user_id seen_through; // where to go on
    bool is_at_end{false};
};

struct resealed_phone {
    user_id user;
    std::string before; // as in resealed_value
    std::string after;
    std::string index; // see phone_binding
};

// What the keys have sealed, by key id.
struct sealed_counts {
    std::map<std::uint32_t, std::uint64_t> session_keys{};
    std::map<std::uint32_t, std::uint64_t> phones{};
    bool is_whole{true}; // false: there are more rows than were looked at
};

// Thread-safe, except that a task belongs to the reactor that awaits it. errc::overloaded,
// errc::storage_unavailable.
class sealed_store {
public:
    virtual ~sealed_store() = default;

    // A hundred at most of those that do not begin with `prefix`, behind a sid. Looks at some thousand rows.
    virtual task<result<sealed_page>> find_others_than(std::string prefix, std::int64_t behind) = 0;

    // In one transaction, when the writer is idle. How many were still what they had been.
    virtual task<result<std::size_t>> replace(std::vector<resealed_value> values) = 0;

    // The same of phone numbers.
    virtual task<result<sealed_phone_page>> find_phones_other_than(std::string prefix, user_id behind) = 0;
    virtual task<result<std::size_t>> replace_phones(std::vector<resealed_phone> phones) = 0;

    // Looks at the newest `most_rows` sessions and as many users, some thousand at a time, and nobody waits
    // for it but who asks.
    virtual task<result<sealed_counts>> count_by_key(std::size_t most_rows) = 0;
};

} // namespace wxlogind::storage
