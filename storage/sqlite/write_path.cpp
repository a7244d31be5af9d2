#include "storage/sqlite/write_path.hpp"

#include "core/base/log.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/session_reads.hpp"

namespace wxlogind::storage::sqlite {

namespace {

table_write& as_table_write(pending_write& write) {
    return static_cast<table_write&>(write); // only these are ever pushed
}

std::size_t length(const pending_write* first) {
    std::size_t rows = 0;
    for (; first != nullptr; first = first->next) ++rows;
    return rows;
}

unix_millis system_now() {
    return system_wall_clock{}.now();
}

} // namespace

write_path::write_path(
    location where, const limits& limits, store_counters& counters, revocation_observer* observer)
    : where_{std::move(where)},
      counters_{counters},
      observer_{observer},
      plan_{limits.checkpoint_pages},
      checkpoint_pages_{limits.checkpoint_pages},
      cache_bytes_{limits.cache_bytes},
      newest_{limits.newest},
      pauses_{limits.pauses} {
    open(open_mode::read_write_create);
    had_users_ = opened_->db.ask_number("SELECT 1 FROM user LIMIT 1").has_value();
    takes_writes_.store(true, std::memory_order_relaxed);
}

void write_path::open(open_mode mode) {
    connection db = open_for_writing(where_, mode, cache_bytes_);
    migrate(db);
    // A log that an outage left long is folded back before more is added to it, and what was deleted shortly
    // before goes from it.
    if (!db.empty_log()) db.fold_log();
    opened_.emplace(std::move(db), memory_, counters_, newest_);
    // That it can be opened does not say that it can be written.
    opened_->tables.begin();
    opened_->tables.logins.mark_probe(system_now());
    opened_->tables.commit();
    counters_.page_bytes.set(
        static_cast<std::uint64_t>(opened_->db.ask_number("PRAGMA page_size").value_or(0)));
    opened_->file = file_identity::of(where_.path);
    opened_->log = file_identity::of(where_.path + "-wal");
    remind_observer();
    plan_ = checkpoint_plan{checkpoint_pages_};
    openings_.fetch_add(1, std::memory_order_release);
}

void write_path::write(pending_write* first) noexcept {
    if (!opened_) {
        give_up("", first);
        return;
    }
    try {
        write_together(first);
    } catch (const sqlite_error& e) {
        roll_back();
        if (e.concerns_one_row())
            write_one_by_one(first);
        else
            give_up(e.what(), first);
    } catch (const std::exception& e) {
        roll_back();
        give_up(e.what(), first);
    }
}

void write_path::write_together(pending_write* first) {
    const std::size_t rows = length(first);
    opened_->tables.begin();
    opened_->tables.write_behind(rows);
    for (pending_write* write = first; write != nullptr; write = write->next)
        as_table_write(*write).apply(opened_->tables);
    commit();
    count(counters_.commits);
    count(counters_.committed_rows, rows);
    counters_.batches.observe(rows);
}

// One row must not spoil the batch. It costs a commit a row, but only when one fails; a savepoint a row would
// cost every batch something.
void write_path::write_one_by_one(pending_write* first) {
    for (pending_write* write = first; write != nullptr; write = write->next) {
        try {
            opened_->tables.begin();
            opened_->tables.write_behind(1); // here too: what waits for it is bounded
            as_table_write(*write).apply(opened_->tables);
            commit();
            count(counters_.commits);
            count(counters_.committed_rows);
            counters_.batches.observe(1);
        } catch (const sqlite_error& e) {
            roll_back();
            if (!e.concerns_one_row()) {
                give_up(e.what(), write);
                return;
            }
            as_table_write(*write).fail(errc::storage_unavailable);
            count(counters_.failed_rows);
            if (last_trouble_ != e.what()) log_error("a row cannot be written", {{"reason", e.what()}});
            last_trouble_ = e.what();
        }
    }
}

void write_path::commit() {
    const auto began = steady_clock::now();
    opened_->tables.commit();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began);
    counters_.commit_micros.observe(static_cast<std::uint64_t>(took.count()));
    if (file_identity::of(where_.path) != opened_->file ||
        file_identity::of(where_.path + "-wal") != opened_->log)
        throw sqlite_error{0, where_.path + " or its log was deleted or replaced while it was open"};
    tell_observer();
}

void write_path::tell_observer() noexcept {
    const auto& revoked = opened_->tables.sessions.revoked();
    if (observer_ != nullptr) {
        for (const revocation& each : revoked) observer_->revoked(each);
        for (const user_alias& each : opened_->tables.merges.renamed()) observer_->renamed(each);
    }
    count(counters_.revocations, revoked.size());
    const login_tables::made& made = opened_->tables.logins.made_in_transaction();
    count(counters_.issued_sessions, made.sessions);
    count(counters_.new_users, made.users);
    opened_->tables.end_transaction();
}

// What was revoked or merged earlier, or in a commit that failed and was kept all the same.
void write_path::remind_observer() {
    if (observer_ == nullptr) return;
    session_reads past{opened_->db};
    for (const revocation& each : past.revocations_at({})) observer_->revoked(each);
    // The clock may have been set forward for a while when it was written that they are of no concern.
    constexpr std::chrono::hours slack{24};
    for (const user_alias& each : past.aliases_at(system_now() - slack)) observer_->renamed(each);
}

void write_path::roll_back() noexcept {
    opened_->db.roll_back();
    opened_->tables.forget_transaction();
}

// After a failed commit nobody knows what is on the disk: nothing more is written through this connection.
void write_path::give_up(const char* what, pending_write* unanswered) noexcept {
    takes_writes_.store(false, std::memory_order_relaxed);
    for (pending_write* write = unanswered; write != nullptr; write = write->next)
        as_table_write(*write).fail(errc::storage_unavailable);
    count(counters_.failed_rows, length(unanswered));
    if (!opened_) return;

    opened_.reset();
    count(counters_.outages);
    down_since_ = steady_clock::now();
    next_try_ = down_since_ + pauses_.next();
    last_trouble_ = what;
    log_error(
        "the database takes no writes; trying to open it again", {{"path", where_.path}, {"reason", what}});
}

void write_path::refuse(pending_write& write) noexcept {
    as_table_write(write).fail(errc::overloaded);
}

std::optional<steady_clock::time_point> write_path::rest() noexcept {
    if (!opened_ && steady_clock::now() >= next_try_) try_again();
    if (!opened_) return next_try_;

    const auto pages = static_cast<std::size_t>(opened_->db.pages_in_log());
    counters_.wal_pages.store(pages, std::memory_order_relaxed);
    if (plan_.is_due(pages)) fold_log();
    if (opened_ && opened_->tables.wants_empty_log && steady_clock::now() >= next_emptying_) empty_log();
    if (!opened_) return next_try_;
    if (opened_->tables.wants_empty_log) return next_emptying_;
    return std::nullopt;
}

void write_path::try_again() noexcept {
    try {
        // Never makes a new one: an empty database in place of a deleted one would lose every user silently.
        open(open_mode::read_write);
    } catch (const std::exception& e) {
        opened_.reset();
        next_try_ = steady_clock::now() + pauses_.next();
        if (last_trouble_ != e.what())
            log_error("the database still takes no writes", {{"path", where_.path}, {"reason", e.what()}});
        last_trouble_ = e.what();
        return;
    }
    pauses_.reset();
    last_trouble_.clear();
    const auto down =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - down_since_);
    log_warning(
        "the database takes writes again",
        {{"path", where_.path}, {"after_ms", std::to_string(down.count())}});
    takes_writes_.store(true, std::memory_order_relaxed);
}

void write_path::fold_log() noexcept {
    try {
        const auto done = opened_->db.fold_log();
        plan_.was_tried(
            static_cast<std::size_t>(done.pages_in_log), static_cast<std::size_t>(done.pages_moved));
        count(counters_.checkpoints);
    } catch (const sqlite_error& e) {
        give_up(e.what(), nullptr);
    }
}

void write_path::empty_log() noexcept {
    // A reader is in the way for milliseconds; who erases users by the thousand does not make logins wait.
    constexpr std::chrono::milliseconds pause{250};
    try {
        const bool is_empty = opened_->db.empty_log();
        opened_->tables.wants_empty_log = !is_empty;
        if (is_empty) plan_ = checkpoint_plan{checkpoint_pages_};
        next_emptying_ = steady_clock::now() + pause;
    } catch (const sqlite_error& e) {
        give_up(e.what(), nullptr);
    }
}

void write_path::close() noexcept {
    takes_writes_.store(false, std::memory_order_relaxed);
    opened_.reset();
}

} // namespace wxlogind::storage::sqlite
