#include "storage/sqlite/newest_sessions.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

void newest_sessions::note(std::int64_t identity, std::int64_t session) {
    const auto [at, is_new] = noted_.try_emplace(identity, session);
    undo_.push_back({identity, is_new ? std::nullopt : std::optional{at->second}});
    at->second = session;
    note_first(session);
}

void newest_sessions::note_first(std::int64_t session) {
    last_session_ = session;
    ++sessions_noted_;
}

std::optional<std::int64_t> newest_sessions::find(std::int64_t identity) const {
    if (const auto known = noted_.find(identity); known != noted_.end()) return known->second;
    const auto known = std::ranges::lower_bound(round_, identity, {}, &entry::identity);
    if (known != round_.end() && known->identity == identity) return known->session;
    return std::nullopt;
}

std::span<const newest_sessions::entry> newest_sessions::write_behind(std::size_t rows) {
    const bool is_due = noted_.size() >= limits_.identities || sessions_noted_ >= limits_.sessions;
    // Between transactions only: what this one has noted may still be undone.
    const bool is_between = sessions_noted_ == sessions_noted_before_;
    if (!floor_after_ && is_due && is_between) begin_round();
    const std::size_t first = given_out_;
    given_out_ = std::min(first + rows, round_.size());
    return std::span{round_}.subspan(first, given_out_ - first);
}

void newest_sessions::begin_round() {
    round_.reserve(noted_.size());
    for (const auto& [identity, session] : noted_) round_.push_back({identity, session});
    std::ranges::sort(round_, {}, &entry::identity);
    noted_.clear();
    sessions_noted_ = sessions_noted_before_ = 0;
    given_out_ = committed_ = 0;
    floor_after_ = last_session_;
}

std::optional<std::int64_t> newest_sessions::new_floor() const noexcept {
    return given_out_ == round_.size() ? floor_after_ : std::nullopt;
}

void newest_sessions::commit() {
    undo_.clear();
    sessions_noted_before_ = sessions_noted_;
    committed_ = given_out_;
    if (floor_after_ && committed_ == round_.size()) {
        round_.clear();
        floor_after_.reset();
        given_out_ = committed_ = 0;
    }
}

void newest_sessions::roll_back() {
    while (!undo_.empty()) {
        const undo& last = undo_.back();
        if (last.session)
            noted_[last.identity] = *last.session;
        else
            noted_.erase(last.identity);
        undo_.pop_back();
    }
    sessions_noted_ = sessions_noted_before_;
    given_out_ = committed_;
}

} // namespace wxlogind::storage::sqlite
