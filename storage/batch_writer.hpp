// The one thread that writes, and how coroutines of all reactors hand their writes to it.
#pragma once

#include "core/base/async.hpp"
#include "core/base/parking.hpp"
#include "storage/store_counters.hpp"
#include "storage/write_queue.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace wxlogind::storage {

// A write and the coroutine that waits for it. It lives in that coroutine's frame, so queueing it costs no
// allocation. Each kind of write derives from it and brings room for its outcome.
struct pending_write {
    parked* waiter{nullptr};
    pending_write* next{nullptr};
    steady_clock::time_point pushed{}; // these two are the writer's to set
    steady_clock::time_point taken{};

protected:
    ~pending_write() = default;
};

// Where batches go. Everything here is called on the writer thread.
class batch_target {
public:
    virtual ~batch_target() = default;

    // Commits the list that starts at `first` and sets the outcome of each write, success or failure.
    virtual void write(pending_write* first) noexcept = 0;

    // Sets the outcome of a write that is not even queued: the queue is full, or stopping. On the reactor's
    // thread.
    virtual void refuse(pending_write& write) noexcept = 0;

    // Work that need not delay an answer. Called after each batch and when the returned time has come;
    // nullopt: only after the next batch.
    virtual std::optional<steady_clock::time_point> rest() noexcept = 0;
};

class batch_writer {
public:
    // Starts the thread, under that name. `target` and `counters` outlive this.
    batch_writer(
        write_queue limits, batch_target& target, store_counters& counters, std::string_view name = "writer");
    ~batch_writer(); // stop_and_join

    batch_writer(const batch_writer&) = delete;
    batch_writer& operator=(const batch_writer&) = delete;

    // Takes a write whose waiter is set. The waiter is resumed when the outcome is known, also if that is a
    // refusal. Any thread.
    void push(pending_write& write) { push(write, false); }

    // As push, for work that can wait: it is taken alone, and only when nothing that was pushed waits. Few at
    // a time (write_queue::max_idle).
    void push_when_idle(pending_write& write) { push(write, true); }

    // How long the first of those that are queued has waited; zero when nothing is. Any thread.
    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept;

    // Takes no more writes, finishes those that are queued and ends the thread. Blocks. The reactors have to
    // run on for their coroutines to see the outcome.
    void stop_and_join();

private:
    struct write_list {
        pending_write* first{nullptr};
        pending_write* last{nullptr};

        void push_back(pending_write& write) noexcept;
        pending_write* take(std::size_t rows) noexcept; // the oldest, linked; there are that many
    };
    struct resumption {
        executor home;
        parked_list waiters;
    };

    void push(pending_write& write, bool when_idle);
    void run(const std::string& name);
    void finish(pending_write* first);
    void note_first() noexcept;

    batch_target& target_;
    store_counters& counters_;

    std::mutex mutex_;
    std::condition_variable wake_;
    // Guarded by mutex_.
    write_queue queue_;
    write_list writes_;
    write_list idle_writes_;
    bool is_asleep_{false};
    // When the first of writes_ was pushed; 0 = there is none. Written under mutex_, read by anybody.
    std::atomic<steady_clock::rep> waiting_since_{0};

    // The writer thread's.
    std::vector<resumption> resumptions_;

    std::jthread thread_;
};

} // namespace wxlogind::storage
