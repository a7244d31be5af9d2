// Batches into SQLite: one transaction each, and what happens when the disk fails.
#pragma once

#include "storage/batch_writer.hpp"
#include "storage/sqlite/checkpoint_plan.hpp"
#include "storage/sqlite/file_identity.hpp"
#include "storage/sqlite/limits.hpp"
#include "storage/sqlite/location.hpp"
#include "storage/sqlite/table_write.hpp"

#include <atomic>
#include <optional>
#include <string>

namespace wxlogind::storage::sqlite {

// The writer's side of the database. The writer thread owns it; before that thread starts and after it has
// ended, the main thread does.
class write_path final : public batch_target {
public:
    // Opens the database (making it where there is none), brings the schema up to date and commits a first
    // mark. `observer` may be nullptr. Throws sqlite_error, std::runtime_error.
    write_path(
        location where, const limits& limits, store_counters& counters,
        revocation_observer* observer = nullptr);

    // false: the database takes no writes for now, and it is pointless to queue any. Any thread.
    [[nodiscard]] const std::atomic<bool>& takes_writes() const noexcept { return takes_writes_; }

    // When it was opened for the first time. Any thread.
    [[nodiscard]] bool had_users() const noexcept { return had_users_; }

    // Grows whenever the database file was opened again: then readers have to do so too. Any thread.
    [[nodiscard]] std::uint64_t openings() const noexcept {
        return openings_.load(std::memory_order_acquire);
    }

    void write(pending_write* first) noexcept override;
    void refuse(pending_write& write) noexcept override;
    std::optional<steady_clock::time_point> rest() noexcept override;

    // Folds the log back, if nobody else has the file open, and closes.
    void close() noexcept;

private:
    // Of one opening. The statements go before the connection does.
    struct opened {
        connection db;
        sqlite::tables tables;
        file_identity file;
        file_identity log;

        opened(
            connection&& from, writer_memory& memory, store_counters& counters,
            const newest_sessions::limits& newest)
            : db{std::move(from)}, tables{db, memory, counters, newest} {}
    };

    void open(open_mode mode);
    void write_together(pending_write* first);
    void write_one_by_one(pending_write* first);
    void commit();
    void tell_observer() noexcept;
    void remind_observer();
    void roll_back() noexcept;
    void give_up(const char* what, pending_write* unanswered) noexcept;
    void try_again() noexcept;
    void fold_log() noexcept;
    void empty_log() noexcept;

    const location where_;
    store_counters& counters_;
    revocation_observer* const observer_;
    writer_memory memory_;
    checkpoint_plan plan_;
    const std::size_t checkpoint_pages_;
    const std::size_t cache_bytes_;
    const newest_sessions::limits newest_;
    steady_clock::time_point next_emptying_; // of the log, where it is asked for
    bool had_users_{false};                  // does not change once it is made

    std::optional<opened> opened_; // nothing: down, until next_try_
    back_off pauses_;              // between tries to open it again
    steady_clock::time_point next_try_;
    steady_clock::time_point down_since_;
    std::string last_trouble_;

    std::atomic<bool> takes_writes_{false};
    std::atomic<std::uint64_t> openings_{0};
};

} // namespace wxlogind::storage::sqlite
