// Reads by key, on the thread that asks: a hop to another thread costs twenty times the read. What may take
// longer than that has long_reads.
#pragma once

#include "storage/sqlite/table_reader.hpp"

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

    // As table_reader::read.
    template <class Read>
    std::invoke_result_t<Read&, read_tables&> read(std::uint64_t openings, Read read) {
        if (is_closed_.load(std::memory_order_acquire)) return errc::storage_unavailable;
        table_reader* const mine = of_this_thread();
        if (mine == nullptr) return errc::storage_unavailable;
        return mine->read(openings, read);
    }

    // Closes all connections; reads are errc::storage_unavailable from here on.
    void close();

private:
    table_reader* of_this_thread(); // nullptr: closed

    const location where_;
    const std::uint64_t serial_; // no two objects of the process have the same
    std::atomic<bool> is_closed_{false};
    std::mutex mutex_;
    std::map<std::thread::id, std::unique_ptr<table_reader>> by_thread_; // guarded by mutex_
};

} // namespace wxlogind::storage::sqlite
