#include "core/wechat/round_trips.hpp"

#include <chrono>

namespace wxlogind::wechat {

void round_trips::note_time(const net::exchange_outcome& outcome) noexcept {
    if (outcome.took.count() == 0) return; // nothing was sent
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(outcome.took);
    took_.observe(static_cast<std::uint64_t>(took.count()));
}

void round_trips::answered(int errcode, const net::exchange_outcome& outcome) noexcept {
    note_time(outcome);
    const std::size_t used = used_.load(std::memory_order_relaxed);
    for (std::size_t at = 0; at < used; ++at) {
        if (by_errcode_[at].errcode.load(std::memory_order_relaxed) != errcode) continue;
        by_errcode_[at].answers.add();
        return;
    }
    if (used == by_errcode_.size() || !meaning_of(errcode, kind_).is_known) {
        other_.add();
        return;
    }
    by_errcode_[used].errcode.store(errcode, std::memory_order_relaxed);
    by_errcode_[used].answers.add();
    used_.store(used + 1, std::memory_order_release);
}

void round_trips::failed(net::exchange_fault why, const net::exchange_outcome& outcome) noexcept {
    note_time(outcome);
    by_fault_[static_cast<std::size_t>(why)].add();
}

void round_trips::add_to(sums& all) const {
    const std::size_t used = used_.load(std::memory_order_acquire);
    for (std::size_t at = 0; at < used; ++at)
        all.by_errcode[by_errcode_[at].errcode.load(std::memory_order_relaxed)] +=
            by_errcode_[at].answers.value();
    all.other += other_.value();
    for (std::size_t fault = 0; fault < by_fault_.size(); ++fault)
        all.by_fault[fault] += by_fault_[fault].value();
    took_.add_to(all.took);
}

round_trips& client_round_trips::of(std::string_view appid, std::string_view path, wechat_call kind) {
    const std::lock_guard guard{lock_};
    auto& found = calls_[key{std::string{appid}, path}];
    if (!found) found = std::make_unique<round_trips>(kind);
    return *found;
}

breaker_sign& client_round_trips::sign_of(std::string_view appid, breaker_of which) {
    const std::lock_guard guard{lock_};
    auto& found = breakers_[breaker_key{appid, which}];
    if (!found) found = std::make_unique<breaker_sign>();
    return *found;
}

void client_round_trips::add_to(std::map<key, round_trips::sums>& all) const {
    const std::lock_guard guard{lock_};
    for (const auto& [of, counts] : calls_) counts->add_to(all[of]);
}

void client_round_trips::add_to(std::map<breaker_key, breaker_states>& all) const {
    const std::lock_guard guard{lock_};
    for (const auto& [of, sign] : breakers_) ++all[of][static_cast<std::size_t>(sign->load())];
}

} // namespace wxlogind::wechat
