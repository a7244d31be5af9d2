// Sealing again, under the newest key, what older keys have sealed: in the background, while logins go on.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/session/current_keyring.hpp"
#include "storage/audit_log.hpp"
#include "storage/sealed_store.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace wxlogind::handlers {

// One a process. Any thread.
class resealing {
public:
    struct progress {
        bool is_running{false};
        bool is_complete{false};     // the last run came to its end
        std::uint64_t resealed{0};   // by this run, or the last one; or erased, since their account is gone
        std::uint64_t unreadable{0}; // their key is gone, or they were changed: left as they are
        std::uint32_t newest_key{0}; // that sealed when it began
        // When it is complete: how many values every other key has in the database still.
        std::map<std::uint32_t, std::uint64_t> left{};
    };

    // The references outlive this, and the runs.
    resealing(
        storage::sealed_store& values, storage::audit_log& log, const session::current_keyring& keys,
        const wall_clock& clock)
        : values_{values}, log_{log}, keys_{keys}, clock_{clock} {}

    // Begins a run on `home`, in the name of `by`; false: one is under way.
    bool start(const executor& home, std::string by);

    [[nodiscard]] progress now() const;

    // Of the keys that count, those that open nothing in the database: as the last run has found, and as it
    // still is, since none of them has sealed since. Empty as long as nobody knows.
    [[nodiscard]] std::vector<std::uint32_t> unneeded_keys() const;
    // From here on others count.
    void keys_were_exchanged();

private:
    // What is sealed by others than the newest key when all that could be was sealed again.
    struct census {
        std::map<std::uint32_t, std::uint64_t> all;
        std::set<std::uint32_t> opening; // keys that still open something

        void count(std::string_view envelope, const std::string& place, const sealer& with);
    };

    task<> run(std::string by, std::uint64_t exchanges);
    // False: the database does not take part.
    template <class Kind>
    task<bool> reseal_all();
    template <class Kind>
    task<bool> count_all(census& into);
    [[nodiscard]] bool conclude(census found, std::uint64_t exchanges);
    void add(std::uint64_t resealed, std::uint64_t unreadable);
    [[nodiscard]] std::vector<storage::resealed_phone>
    reseal(const std::vector<storage::sealed_phone>& phones, const sealer& with);
    [[nodiscard]] std::vector<storage::resealed_value>
    reseal(const std::vector<storage::sealed_value>& values, const sealer& with);
    void say(const char* what) const;
    void speak_now_and_then();

    storage::sealed_store& values_;
    storage::audit_log& log_;
    const session::current_keyring& keys_;
    const wall_clock& clock_;
    steady_clock::time_point next_word_{}; // of the run that goes on

    mutable std::mutex mutex_;
    // Guarded by mutex_:
    progress state_;
    std::set<std::uint32_t> opening_; // see census; counts while knows_opening_
    bool knows_opening_{false};
    std::uint64_t exchanges_{0}; // of the key that seals
};

} // namespace wxlogind::handlers
