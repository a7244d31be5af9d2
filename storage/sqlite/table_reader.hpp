// One read-only connection, opened when it is first needed and again after trouble.
#pragma once

#include "core/base/errors.hpp"
#include "storage/sqlite/location.hpp"
#include "storage/sqlite/read_tables.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <type_traits>

namespace wxlogind::storage::sqlite {

// Used by one thread; the lock is there for close(), and costs next to nothing when nobody else wants it.
class table_reader {
public:
    explicit table_reader(location where) : where_{std::move(where)} {}

    // read(read_tables&) gives a result; what it throws as sqlite_error becomes errc::storage_unavailable, as
    // does everything after close(). `openings`: of the writer; a connection from before the last one is made
    // anew.
    template <class Read>
    std::invoke_result_t<Read&, read_tables&> read(std::uint64_t openings, Read& read) {
        const std::lock_guard lock{mutex_};
        if (is_closed_) return errc::storage_unavailable;
        try {
            auto found = read(open(openings));
            is_failing_ = false;
            return found;
        } catch (const sqlite_error& e) {
            note_failure(e);
            return errc::storage_unavailable;
        }
    }

    void close(); // any thread

private:
    struct opened {
        connection db;
        read_tables tables;

        explicit opened(const location& where) : db{open_for_reading(where)}, tables{db} {}
    };

    read_tables& open(std::uint64_t openings);
    void note_failure(const sqlite_error& why);

    const location where_;
    std::mutex mutex_;
    // Guarded by mutex_.
    std::optional<opened> opened_;
    std::uint64_t openings_{0};
    bool is_failing_{false};
    bool is_closed_{false};
};

} // namespace wxlogind::storage::sqlite
