#include "storage/sqlite/readers.hpp"

namespace wxlogind::storage::sqlite {

namespace {

std::atomic<std::uint64_t> next_serial{1};

} // namespace

readers::readers(location where)
    : where_{std::move(where)}, serial_{next_serial.fetch_add(1, std::memory_order_relaxed)} {}

readers::~readers() = default;

table_reader* readers::of_this_thread() {
    // Spares the lock and the search. The serial tells whose reader it is; that cannot be mistaken even when
    // a store was closed and another stands at its address.
    struct last_use {
        std::uint64_t serial{0};
        table_reader* found{nullptr};
    };
    thread_local last_use last;
    if (last.serial == serial_) return last.found;

    const std::lock_guard lock{mutex_};
    // close() has been through the list already: nobody would close this one before the log is folded back.
    if (is_closed_.load(std::memory_order_relaxed)) return nullptr;
    auto& mine = by_thread_[std::this_thread::get_id()];
    if (!mine) mine = std::make_unique<table_reader>(where_);
    last = {serial_, mine.get()};
    return mine.get();
}

void readers::close() {
    is_closed_.store(true, std::memory_order_release);
    const std::lock_guard lock{mutex_};
    for (auto& [thread, each] : by_thread_) each->close();
}

} // namespace wxlogind::storage::sqlite
