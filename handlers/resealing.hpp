// Sealing again, under the newest key, what older keys have sealed: in the background, while logins go on.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/session/current_keyring.hpp"
#include "storage/audit_log.hpp"
#include "storage/sealed_store.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace wxlogind::handlers {

// One a process. Any thread.
class resealing {
public:
    struct progress {
        bool is_running{false};
        bool is_complete{false};     // the last run came to its end
        std::uint64_t resealed{0};   // by this run, or the last one
        std::uint64_t unreadable{0}; // their key is gone, or they were changed: left as they are
    };

    // The references outlive this, and the runs.
    resealing(
        storage::sealed_store& values, storage::audit_log& log, const session::current_keyring& keys,
        const wall_clock& clock)
        : values_{values}, log_{log}, keys_{keys}, clock_{clock} {}

    // Begins a run on `home`, in the name of `by`; false: one is under way.
    bool start(const executor& home, std::string by);

    [[nodiscard]] progress now() const noexcept;

private:
    task<> run(std::string by);
    task<bool> reseal_session_keys();
    task<bool> reseal_phones();
    void speak_now_and_then();
    [[nodiscard]] std::vector<storage::resealed_phone>
    reseal(const std::vector<storage::sealed_phone>& phones, const sealer& with);
    [[nodiscard]] std::vector<storage::resealed_value>
    reseal(const std::vector<storage::sealed_value>& values, const sealer& with);
    void say(const char* what) const;

    storage::sealed_store& values_;
    storage::audit_log& log_;
    const session::current_keyring& keys_;
    const wall_clock& clock_;
    steady_clock::time_point next_word_{}; // of the run that goes on
    std::atomic<bool> is_running_{false};
    std::atomic<bool> is_complete_{false};
    std::atomic<std::uint64_t> resealed_{0};
    std::atomic<std::uint64_t> unreadable_{0};
};

} // namespace wxlogind::handlers
