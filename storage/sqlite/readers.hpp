// Reads by key, on the thread that asks: a hop to another thread costs twenty times the read.
#pragma once

#include "core/base/errors.hpp"
#include "storage/sqlite/location.hpp"
#include "storage/store.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace wxlogind::storage::sqlite {

// A read-only connection for each thread that reads. Any thread.
class readers {
public:
    explicit readers(location where);
    ~readers();
    readers(const readers&) = delete;
    readers& operator=(const readers&) = delete;

    // `openings`: of the writer; connections from before the last one are made anew.
    // errc::not_found, errc::storage_unavailable.
    [[nodiscard]] result<user_record> find_user(const user_id& id, std::uint64_t openings);

    // Closes all connections; reads are errc::storage_unavailable from here on.
    void close();

private:
    class reader;

    reader* of_this_thread(); // nullptr: closed

    const location where_;
    const std::uint64_t serial_; // no two objects of the process have the same
    std::atomic<bool> is_closed_{false};
    std::mutex mutex_;
    std::map<std::thread::id, std::unique_ptr<reader>> by_thread_; // guarded by mutex_
};

} // namespace wxlogind::storage::sqlite
